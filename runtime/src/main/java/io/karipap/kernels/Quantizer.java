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
                case A8, A4, A4_16, S8_16 -> throw new IllegalArgumentException("nothing is rounded to " + type);
            };
        }
    }

    private static short quantize8(float[] row, int from, int to, byte[] codes) {
        int largest = 0; // magnitudes are ordered as their bits
        for (int k = from; k < to; k++) {
            largest = Math.max(largest, Float.floatToRawIntBits(row[k]) & Integer.MAX_VALUE);
        }
        short scale = scale(Float.intBitsToFloat(largest) / 127);
        float inverse = inverse(Float.float16ToFloat(scale));
        for (int k = from; k < to; k++) {
            codes[k] = (byte) (Math.min(255, Math.max(1, (int) (row[k] * inverse + 128.5f))) - 128);
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
        short best = scale(largest / -8);
        float least = Float.POSITIVE_INFINITY;
        for (float shrink : SHRINK) {
            short scale = scale(largest * shrink / -8);
            float value = Float.float16ToFloat(scale);
            float error = value * value * error4(row, from, to, inverse(value));
            if (value != 0 && error < least) {
                least = error;
                best = scale;
            }
        }
        float inverse = inverse(Float.float16ToFloat(best));
        for (int k = from; k < to; k++) {
            codes[k] = (byte) code4(row[k] * inverse);
        }
        return best;
    }

    /** Squared error of the nearest codes, in scales squared; two sums, so that neither waits for the other. */
    private static float error4(float[] row, int from, int to, float inverse) {
        float even = 0;
        float odd = 0;
        for (int k = from; k < to; k += 2) {
            float multiple = row[k] * inverse;
            float error = multiple - code4(multiple);
            even += error * error;
            if (k + 1 < to) {
                multiple = row[k + 1] * inverse;
                error = multiple - code4(multiple);
                odd += error * error;
            }
        }
        return even + odd;
    }

    private static float code4(float multiple) {
        float nearest = multiple + Exponential.ROUND - Exponential.ROUND;
        return nearest > 7 ? 7 : nearest < -8 ? -8 : nearest;
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
}
