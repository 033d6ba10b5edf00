package io.karipap.kernels;

/** Rounds weights to codes of 8 or 4 bits with a scale in binary16 a group of {@link WeightType#GROUP} columns. */
public final class Quantizer {
    /** Tried for 4 bits, relative to the scale at which the largest weight is exact: clipping it a little often costs less. */
    private static final float[] SHRINK = {1f, 0.96f, 0.92f, 0.88f, 0.84f};

    private Quantizer() {}

    /** Scales tried for a group of 4-bit codes, relative to the one at which its largest weight is exact. */
    public static float[] shrink() {
        return SHRINK.clone();
    }

    /**
     * Quantises a row.
     *
     * @param type {@link WeightType#Q8} or {@link WeightType#Q4}
     * @param row K weights
     * @param columns K; the last group may be short
     * @param codes result, K signed codes
     * @param scales result, ⌈K/32⌉ scales
     * @throws IllegalArgumentException if a weight is not finite or too large for a scale in binary16
     */
    public static void quantize(WeightType type, float[] row, int columns, byte[] codes, short[] scales) {
        for (int from = 0; from < columns; from += WeightType.GROUP) {
            int to = Math.min(columns, from + WeightType.GROUP);
            scales[from / WeightType.GROUP] = switch (type) {
                case Q8 -> quantize8(row, from, to, codes);
                case Q4 -> quantize4(row, from, to, codes);
                case F32, BF16, F16 -> throw new IllegalArgumentException(type + " is not a quantised type");
            };
        }
    }

    private static short quantize8(float[] row, int from, int to, byte[] codes) {
        float largest = 0;
        for (int k = from; k < to; k++) {
            largest = Math.max(largest, Math.abs(row[k]));
        }
        short scale = scale(largest / 127);
        float inverse = inverse(Float.float16ToFloat(scale));
        for (int k = from; k < to; k++) {
            codes[k] = (byte) Math.min(127, Math.max(-127, Math.round(row[k] * inverse)));
        }
        return scale;
    }

    /** As the codes reach from −8 to 7, the weight largest in magnitude becomes −8 and the scale takes the opposite sign. */
    private static short quantize4(float[] row, int from, int to, byte[] codes) {
        float largest = 0;
        for (int k = from; k < to; k++) {
            if (!(Math.abs(row[k]) <= Math.abs(largest))) {
                largest = row[k];
            }
        }
        short best = 0;
        double least = Double.POSITIVE_INFINITY;
        for (float shrink : SHRINK) {
            short scale = scale(largest * shrink / -8);
            double error = round4(row, from, to, Float.float16ToFloat(scale), codes);
            if (error < least) {
                least = error;
                best = scale;
            }
        }
        round4(row, from, to, Float.float16ToFloat(best), codes);
        return best;
    }

    private static short scale(float scale) {
        if (!(Math.abs(scale) <= 65504f)) {
            throw new IllegalArgumentException("a weight is not finite or too large for a scale in binary16");
        }
        return Float.floatToFloat16(scale);
    }

    private static float inverse(float scale) {
        return scale == 0 ? 0 : 1 / scale;
    }

    /** Rounds to the nearest codes and returns the squared error. */
    private static double round4(float[] row, int from, int to, float scale, byte[] codes) {
        float inverse = inverse(scale);
        double error = 0;
        for (int k = from; k < to; k++) {
            int code = Math.min(7, Math.max(-8, Math.round(row[k] * inverse)));
            codes[k] = (byte) code;
            double difference = row[k] - (double) scale * code;
            error += difference * difference;
        }
        return error;
    }
}
