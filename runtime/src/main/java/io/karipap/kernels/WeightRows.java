package io.karipap.kernels;

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
