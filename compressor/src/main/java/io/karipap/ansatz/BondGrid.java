package io.karipap.ansatz;

import io.karipap.kernels.PackedMatrix;

/**
 * The bond dimensions that a matrix is offered. Kernels compute {@link PackedMatrix#BLOCK} output features together, so that a bond of one
 * more takes the time of another block, and threads share evenly only what is whole blocks: bonds of large matrices are multiples of it, or
 * less than one. Small matrices would have too few to choose from.
 */
public final class BondGrid {
    private static final int ENOUGH_STEPS = 16;

    private BondGrid() {}

    /** Shares of the dense parameters at which curves are measured that must be measured point by point. */
    static double[] shares() {
        return new double[] {0.05, 0.1, 0.15, 0.2, 0.26, 0.33, 0.42, 0.52, 0.64, 0.8};
    }

    /**
     * From one multiple to the next.
     *
     * @param full the largest bond dimension
     */
    public static int step(int full) {
        return full >= ENOUGH_STEPS * PackedMatrix.BLOCK ? PackedMatrix.BLOCK : 1;
    }

    /** The bond dimension after {@code bond}. */
    public static int next(int bond, int full) {
        return bond + (bond < step(full) ? 1 : step(full));
    }

    /** The one nearest to {@code bond}; may be 0. */
    public static int nearest(double bond, int full) {
        int step = bond < step(full) ? 1 : step(full);
        return (int) Math.round(bond / step) * step;
    }
}
