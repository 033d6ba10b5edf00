package io.karipap.kernels;

/** How a weight is stored. */
public enum WeightType {
    /** IEEE 754 binary32. */
    F32(32, 0),
    /** The upper half of a binary32. */
    BF16(16, 0),
    /** IEEE 754 binary16. */
    F16(16, 0),
    /** A scale (binary16) times a code in [−128, 127]; groups of 32 columns share a scale. */
    Q8(8, 128),
    /** A scale (binary16) times a code in [−8, 7]; groups of 32 columns share a scale. */
    Q4(4, 8);

    /** Columns that share a scale. */
    public static final int GROUP = 32;

    private final int bits;
    private final int bias;

    WeightType(int bits, int bias) {
        this.bits = bits;
        this.bias = bias;
    }

    /** Bits of one weight, or of its code. */
    public int bits() {
        return bits;
    }

    /** Whether weights are codes with a scale a group. */
    public boolean quantized() {
        return bias != 0;
    }

    /** What is added to a code to store it unsigned; 0 for floating-point types. */
    public int bias() {
        return bias;
    }

    /** Groups of a row of {@code columns} weights; the last may be short. */
    public static long groups(long columns) {
        return (columns + GROUP - 1) / GROUP;
    }

    /** As {@link #groups(long)}. */
    public static int groups(int columns) {
        return (int) groups((long) columns);
    }

    /** Bytes of a row of {@code columns} weights in a file, scales included: {@code columns·bits/8 + 2·⌈columns/32⌉} for codes. */
    public long rowBytes(long columns) {
        return (columns * bits + 7) / 8 + (quantized() ? 2 * groups(columns) : 0);
    }

    /**
     * The value that the low {@link #bits()} bits of {@code bits} stand for.
     *
     * @throws IllegalStateException if the type is quantised: a code is nothing without its scale
     */
    public float toFloat(int bits) {
        return switch (this) {
            case F32 -> Float.intBitsToFloat(bits);
            case BF16 -> Float.intBitsToFloat(bits << 16);
            case F16 -> Float.float16ToFloat((short) bits);
            case Q8, Q4 -> throw new IllegalStateException(this + " is no floating-point type");
        };
    }

    /**
     * The bits of the weight nearest to {@code value}, ties to even.
     *
     * @throws IllegalStateException if the type is quantised
     */
    public int fromFloat(float value) {
        return switch (this) {
            case F32 -> Float.floatToRawIntBits(value);
            case BF16 -> {
                int bits = Float.floatToRawIntBits(value);
                yield Float.isNaN(value) ? 0x7fc0 : bits + 0x7fff + (bits >>> 16 & 1) >>> 16;
            }
            case F16 -> Float.floatToFloat16(value) & 0xffff;
            case Q8, Q4 -> throw new IllegalStateException(this + " is no floating-point type");
        };
    }
}
