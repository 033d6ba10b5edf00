package io.karipap.kernels;

/**
 * e^x in floats: x = n·ln 2 + r with |r| ≤ ln 2 / 2, Taylor's polynomial of degree 7 for e^r (error below 1e-8), scaled by 2^n. The
 * vector kernels do the same operations in the same order and so get the same bits.
 */
public final class Exponential {
    public static final float LOG2_E = 1.44269504f;

    /** 1.5·2²³: adding it rounds to the nearest integer, which then stands in the low bits. */
    public static final float ROUND = 12582912f;

    public static final int ROUND_BITS = 0x4B400000;

    /** ln 2 in two parts, the first with so few bits that n·LN2_HIGH is exact. */
    public static final float LN2_HIGH = 0.693359375f;

    public static final float LN2_LOW = -2.12194440e-4f;

    /** Below this the result is 0, above {@link #MAX} it is e^MAX: no denormals, no infinities. */
    public static final float MIN = -87f;

    public static final float MAX = 88f;

    public static final float C7 = 1f / 5040;
    public static final float C6 = 1f / 720;
    public static final float C5 = 1f / 120;
    public static final float C4 = 1f / 24;
    public static final float C3 = 1f / 6;
    public static final float C2 = 0.5f;

    private Exponential() {}

    /** e^x, 0 below {@link #MIN}. */
    public static float exp(float x) {
        if (x < MIN) {
            return 0;
        }
        float clamped = Math.min(x, MAX);
        float shifted = Math.fma(clamped, LOG2_E, ROUND);
        float n = shifted - ROUND;
        float r = Math.fma(n, -LN2_LOW, Math.fma(n, -LN2_HIGH, clamped));
        float p = Math.fma(r, C7, C6);
        p = Math.fma(p, r, C5);
        p = Math.fma(p, r, C4);
        p = Math.fma(p, r, C3);
        p = Math.fma(p, r, C2);
        p = Math.fma(p, r, 1f);
        p = Math.fma(p, r, 1f);
        int exponent = Float.floatToRawIntBits(shifted) - ROUND_BITS + 127;
        return p * Float.intBitsToFloat(exponent << 23);
    }

    /** 2·√(2/π). */
    public static final float GELU_LINEAR = 1.5957691f;

    /** 2·√(2/π)·0.044715. */
    public static final float GELU_CUBIC = 0.071354814f;

    /**
     * x·Φ(x), by the tanh that approximates it (Hendrycks &amp; Gimpel, arXiv 1606.08415): {@code x/2·(1 + tanh u) = x / (1 + e^−2u)} with
     * {@code u = √(2/π)·(x + 0.044715·x³)}.
     */
    public static float gelu(float x) {
        return x / (1 + exp(Math.fma(x * x, -GELU_CUBIC, -GELU_LINEAR) * x));
    }

    /** {@code c·tanh(x/c) = c − 2c / (1 + e^(2x/c))}. */
    public static float softCap(float x, float c) {
        return c - 2 * c / (1 + exp(x * (2 / c)));
    }
}
