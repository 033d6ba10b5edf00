package io.karipap.network;

import io.karipap.kernels.PackedMatrix;
import java.util.List;

/**
 * The running activation absorbs one site. Of the indices of the two, {@code contracted} are summed over, {@code batch} are shared and
 * still needed, {@code kept} belong to the activation alone and {@code produced} to the site alone:
 *
 * <pre>activation [kept, batch, contracted] × site [batch, produced, contracted] → [kept, batch, produced]</pre>
 *
 * @param site position of the site in its network
 * @param fma multiply-adds for one row of activations
 */
public record ContractionStep(
        int site, List<Index> kept, List<Index> batch, List<Index> contracted, List<Index> produced, long fma) {
    /** Entering a loop over columns takes as long as so many columns. */
    private static final int LOOP = 16;

    /** Storing an element and loading it elsewhere takes as long as so many multiply-adds. */
    private static final int MOVE = 8;

    /** Product of the sizes of {@code indices}. */
    static int size(List<Index> indices) {
        int size = 1;
        for (Index index : indices) {
            size = Math.multiplyExact(size, index.size());
        }
        return size;
    }

    /**
     * What the step takes for one row: multiply-adds of whole blocks of output features, the entering of a kernel's loop, and the
     * activation's way through memory.
     */
    double work() {
        double features = Math.ceilDiv(size(produced), PackedMatrix.BLOCK) * (double) PackedMatrix.BLOCK;
        double rows = (double) size(kept) * size(batch);
        double moved = rows * size(contracted) + outputSize();
        return rows * features * (size(contracted) + LOOP) + moved * MOVE;
    }

    /** Elements of the activation after this step. */
    int outputSize() {
        return Math.multiplyExact(size(kept), Math.multiplyExact(size(batch), size(produced)));
    }
}
