package io.karipap.bench;

import io.karipap.kernels.WeightRows;
import java.util.SplittableRandom;

/** A matrix of normal random weights with a standard deviation of 0.02, as new models have; quick to make at any size. */
final class RandomRows implements WeightRows {
    private static final int TABLE = 1 << 16;
    private static final float DEVIATION = 0.02f;

    private final int rows;
    private final int columns;
    private final long seed;
    private final float[] table = new float[TABLE];

    RandomRows(int rows, int columns, long seed) {
        this.rows = rows;
        this.columns = columns;
        this.seed = seed;
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < TABLE; i++) {
            table[i] = (float) random.nextGaussian() * DEVIATION;
        }
    }

    @Override
    public int rows() {
        return rows;
    }

    @Override
    public int columns() {
        return columns;
    }

    /** Pieces of the table, from a place that the row's number decides. */
    @Override
    public void read(int n, float[] out) {
        int at = new SplittableRandom(seed + n).nextInt(TABLE);
        for (int k = 0; k < columns; k++) {
            out[k] = table[at + k & TABLE - 1];
        }
    }
}
