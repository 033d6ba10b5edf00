package io.karipap.kernels;

import java.util.Arrays;

/** A weight matrix {@code [N, K]} that can be read row by row, wherever and however it is stored. Safe for any number of threads. */
public interface WeightRows {
    /** N. */
    int rows();

    /** K. */
    int columns();

    /** Reads row {@code n} into {@code out[0, K)}. */
    void read(int n, float[] out);

    /**
     * Reads row {@code n} as codes of {@code type} with their scales; rounds unless the weights are stored so.
     *
     * @param type a quantised type
     * @param row room for K elements
     * @param codes result, K signed codes
     * @param scales result, a scale in binary16 a group of {@link WeightType#GROUP} columns
     * @throws IllegalArgumentException if a weight is not finite or too large for a scale in binary16
     */
    default void readCodes(int n, WeightType type, float[] row, byte[] codes, short[] scales) {
        read(n, row);
        Quantizer.quantize(type, row, columns(), codes, scales);
    }

    /**
     * Reads row {@code n} as codes of {@code type} with what belongs to their groups; weights that are not stored so are refused.
     *
     * @param type an affine type
     * @param codes result, K signed codes
     * @param scales result, a scale a group of {@code type.group()} columns
     * @param offsets result, an offset a group; −0 where there is none
     * @throws UnsupportedOperationException if the weights are not stored so
     */
    default void readAffine(int n, WeightType type, byte[] codes, float[] scales, float[] offsets) {
        throw new UnsupportedOperationException("nothing is rounded to " + type);
    }

    /** Rows of zeros, of any type. */
    static WeightRows zeros(int rows, int columns) {
        return new WeightRows() {
            @Override
            public int rows() {
                return rows;
            }

            @Override
            public int columns() {
                return columns;
            }

            @Override
            public void read(int n, float[] out) {
                Arrays.fill(out, 0, columns, 0);
            }

            @Override
            public void readAffine(int n, WeightType type, byte[] codes, float[] scales, float[] offsets) {
                Arrays.fill(codes, (byte) 0);
                Arrays.fill(scales, 0);
                Arrays.fill(offsets, 0);
            }
        };
    }

    /** The rows of a row-major array of N·K weights. */
    static WeightRows of(int rows, int columns, float[] values) {
        return new WeightRows() {
            @Override
            public int rows() {
                return rows;
            }

            @Override
            public int columns() {
                return columns;
            }

            @Override
            public void read(int n, float[] out) {
                System.arraycopy(values, n * columns, out, 0, columns);
            }
        };
    }
}
