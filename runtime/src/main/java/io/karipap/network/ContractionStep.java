package io.karipap.network;

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
    /** Product of the sizes of {@code indices}. */
    static int size(List<Index> indices) {
        int size = 1;
        for (Index index : indices) {
            size = Math.multiplyExact(size, index.size());
        }
        return size;
    }

    /** Elements of the activation after this step. */
    int outputSize() {
        return Math.multiplyExact(size(kept), Math.multiplyExact(size(batch), size(produced)));
    }
}
