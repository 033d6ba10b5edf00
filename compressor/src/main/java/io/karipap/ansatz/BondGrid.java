package io.karipap.ansatz;

import io.karipap.kernels.PackedMatrix;

/**
 * The bond dimensions that a matrix is offered. Kernels compute {@link PackedMatrix#BLOCK} output features together, so that a bond of one
 * more takes the time of another block, and threads share evenly only what is whole blocks: bonds of large matrices are multiples of it.
 * Small ones would have too few to choose from.
 */
public final class BondGrid {
    private static final int ENOUGH_STEPS = 16;

    private BondGrid() {}

    /**
     * From one bond dimension to the next; the first one too.
     *
     * @param full the largest bond dimension
     */
    public static int step(int full) {
        return full >= ENOUGH_STEPS * PackedMatrix.BLOCK ? PackedMatrix.BLOCK : 1;
    }

    /** The one nearest to {@code bond}; may be 0. */
    public static int nearest(double bond, int full) {
        return (int) Math.round(bond / step(full)) * step(full);
    }
}
