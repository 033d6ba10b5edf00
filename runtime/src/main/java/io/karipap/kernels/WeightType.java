package io.karipap.kernels;

/** How a weight is stored. */
public enum WeightType {
    /** IEEE 754 binary32. */
    F32(4),
    /** The upper half of a binary32. */
    BF16(2),
    /** IEEE 754 binary16. */
    F16(2);

    private final int bytes;

    WeightType(int bytes) {
        this.bytes = bytes;
    }

    /** Bytes of one weight. */
    public int bytes() {
        return bytes;
    }

    /** The value that the {@link #bytes()} low bits of {@code bits} stand for. */
    public float toFloat(int bits) {
        return switch (this) {
            case F32 -> Float.intBitsToFloat(bits);
            case BF16 -> Float.intBitsToFloat(bits << 16);
            case F16 -> Float.float16ToFloat((short) bits);
        };
    }

    /** The bits of the weight nearest to {@code value}, ties to even. */
    public int fromFloat(float value) {
        return switch (this) {
            case F32 -> Float.floatToRawIntBits(value);
            case BF16 -> {
                int bits = Float.floatToRawIntBits(value);
                yield Float.isNaN(value) ? 0x7fc0 : bits + 0x7fff + (bits >>> 16 & 1) >>> 16;
            }
            case F16 -> Float.floatToFloat16(value) & 0xffff;
        };
    }
}
