package io.karipap.model;

import io.karipap.model.config.Rope;
import java.util.Arrays;

/**
 * Rotary position embedding (Su et al., arXiv 2104.09864) in the half-split layout of Hugging Face: component h turns with component
 * h + n/2, where the first n components turn and the others do not.
 */
final class RotaryEmbedding {
    private final double[] frequencies;
    private final double magnitude;
    private final int headDim;
    private float[] cos = new float[0];
    private float[] sin = new float[0];
    private int positions;

    /**
     * @param headDim H, of which the first components turn
     * @param context most positions of a sequence
     */
    RotaryEmbedding(Rope rope, int headDim, int context) {
        frequencies = rope.frequencies(context);
        magnitude = rope.magnitude();
        this.headDim = headDim;
    }

    /** Makes the table reach {@code position}. */
    void prepare(int position) {
        if (position < positions) {
            return;
        }
        int half = frequencies.length;
        int from = positions;
        positions = Math.max(64, Math.max(position + 1, positions * 2));
        cos = Arrays.copyOf(cos, positions * half);
        sin = Arrays.copyOf(sin, positions * half);
        for (int p = from; p < positions; p++) {
            for (int i = 0; i < half; i++) {
                cos[p * half + i] = (float) (Math.cos(p * frequencies[i]) * magnitude);
                sin[p * half + i] = (float) (Math.sin(p * frequencies[i]) * magnitude);
            }
        }
    }

    /** Turns {@code heads} neighbouring heads of H components, in place. */
    void rotate(float[] x, int at, int heads, int position) {
        int half = frequencies.length;
        int table = position * half;
        for (int head = 0; head < heads; head++) {
            int low = at + head * headDim;
            int high = low + half;
            for (int i = 0; i < half; i++) {
                float a = x[low + i];
                float b = x[high + i];
                float c = cos[table + i];
                float s = sin[table + i];
                x[low + i] = a * c - b * s;
                x[high + i] = b * c + a * s;
            }
        }
    }
}
