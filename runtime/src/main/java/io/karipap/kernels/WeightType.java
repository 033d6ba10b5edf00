package io.karipap.kernels;

/**
 * How a weight is stored. The last four are what tensors of GGUF files become in memory: they hold those exactly, nothing is ever rounded
 * to them, and no file of ours has them.
 */
public enum WeightType {
    /** IEEE 754 binary32. */
    F32(32, 0, 0, 0),
    /** The upper half of a binary32. */
    BF16(16, 0, 0, 0),
    /** IEEE 754 binary16. */
    F16(16, 0, 0, 0),
    /** A scale (binary16) times a code in [−128, 127]; groups of 32 columns share a scale. */
    Q8(8, 128, 32, 16),
    /** A scale (binary16) times a code in [−8, 7]; groups of 32 columns share a scale. */
    Q4(4, 8, 32, 16),
    /** A scale times a code in [−128, 127] plus an offset, both binary32; groups of 32 columns share them. */
    A8(8, 128, 32, 64),
    /** A scale times a code in [0, 15] plus an offset, both binary32; groups of 32 columns share them. */
    A4(4, 0, 32, 64),
    /** A scale times a code in [−8, 7] plus an offset, both binary32; groups of 16 columns share them. */
    A4_16(4, 8, 16, 64),
    /** A scale (binary32) times a code in [−128, 127]; groups of 16 columns share a scale. */
    S8_16(8, 128, 16, 32);

    /** Columns that share a scale of Q8 and Q4, and of which rows of all types with codes are padded to a multiple. */
    public static final int GROUP = 32;

    private final int bits;
    private final int bias;
    private final int group;
    private final int groupBits;

    WeightType(int bits, int bias, int group, int groupBits) {
        this.bits = bits;
        this.bias = bias;
        this.group = group;
        this.groupBits = groupBits;
    }

    /** Bits of one weight, or of its code. */
    public int bits() {
        return bits;
    }

    /** Whether weights are codes with a scale a group. */
    public boolean quantized() {
        return group != 0;
    }

    /** What is added to a code to store it unsigned; 0 for floating-point types. */
    public int bias() {
        return bias;
    }

    /** Whether a scale, or a scale and an offset, in binary32 belong to a group of codes: whether only a GGUF file becomes this. */
    public boolean affine() {
        return groupBits > 16;
    }

    /** Whether a group of codes has an offset besides its scale. */
    public boolean offsets() {
        return groupBits == 64;
    }

    /** Columns that share a scale; 0 for floating-point types. */
    public int group() {
        return group;
    }

    /** The type in which a file of ours holds such weights exactly: F32 for those that it does not know. */
    public WeightType fileType() {
        return affine() ? F32 : this;
    }

    /** Groups of {@link #GROUP} columns of a row of {@code columns} weights; the last may be short. */
    public static long groups(long columns) {
        return (columns + GROUP - 1) / GROUP;
    }

    /** As {@link #groups(long)}. */
    public static int groups(int columns) {
        return (int) groups((long) columns);
    }

    /**
     * Bytes of a row of {@code columns} weights, scales included, padding not: {@code columns·bits/8 + 2·⌈columns/32⌉} for Q8 and Q4.
     */
    public long rowBytes(long columns) {
        return (columns * bits + 7) / 8 + (quantized() ? groupBits / 8 * ((columns + group - 1) / group) : 0);
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
            case Q8, Q4, A8, A4, A4_16, S8_16 -> throw new IllegalStateException(this + " is no floating-point type");
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
            case Q8, Q4, A8, A4, A4_16, S8_16 -> throw new IllegalStateException(this + " is no floating-point type");
        };
    }
}
