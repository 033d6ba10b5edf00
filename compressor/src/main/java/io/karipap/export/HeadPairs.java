package io.karipap.export;

import io.karipap.kernels.WeightRows;
import io.karipap.kernels.WeightType;

/**
 * Rows of queries or keys in the order in which llama.cpp rotates them: pairs of neighbours, where Hugging Face's layout pairs the first half
 * of a head with the second.
 *
 * @param headDim H, an even number
 */
record HeadPairs(WeightRows source, int headDim) implements WeightRows {
    /** The same of a vector, such as a bias. */
    static float[] of(float[] values, int headDim) {
        float[] paired = new float[values.length];
        for (int n = 0; n < values.length; n++) {
            paired[n] = values[from(n, headDim)];
        }
        return paired;
    }

    private static int from(int n, int headDim) {
        int head = n / headDim;
        int i = n % headDim;
        return head * headDim + i / 2 + i % 2 * (headDim / 2);
    }

    @Override
    public int columns() {
        return source.columns();
    }

    @Override
    public int rows() {
        return source.rows();
    }

    @Override
    public void read(int n, float[] out) {
        source.read(from(n, headDim), out);
    }

    @Override
    public void readCodes(int n, WeightType type, float[] row, byte[] codes, short[] scales) {
        source.readCodes(from(n, headDim), type, row, codes, scales);
    }
}
