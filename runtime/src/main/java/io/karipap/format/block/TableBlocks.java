package io.karipap.format.block;

/** Blocks whose codes of four bits choose one of sixteen values that are not evenly spaced. */
final class TableBlocks {
    private static final byte[] NONLINEAR = {-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113};

    /** Floats of 4 bits (2 of exponent, 1 of mantissa; OCP Microscaling Formats), doubled. */
    private static final byte[] E2M1 = {0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12};

    private TableBlocks() {}

    /** d, 16 bytes: column i in the lower half of byte i, column i + 16 in its upper half. */
    static void iq4nl(byte[] bytes, int at, AffineRow row, int k) {
        row.scale(k / 32, BlockDecoder.half(bytes, at));
        halves(bytes, at + 2, row.codes(), k, 16, NONLINEAR);
    }

    /** d, 8 × 2 higher and 8 × 4 lower bits of scales, 128 bytes: groups as in {@link #iq4nl}. */
    static void iq4xs(byte[] bytes, int at, AffineRow row, int k) {
        float d = BlockDecoder.half(bytes, at);
        int high = BlockDecoder.uint16(bytes, at + 2);
        for (int g = 0; g < 8; g++) {
            int scale = bytes[at + 4 + g / 2] >>> 4 * (g & 1) & 0xf | (high >>> 2 * g & 3) << 4;
            row.scale(k / 32 + g, d * (scale - 32));
            halves(bytes, at + 8 + 16 * g, row.codes(), k + 32 * g, 16, NONLINEAR);
        }
    }

    /** An exponent, 16 bytes as in {@link #iq4nl}: {@code 2^(e − 127)} times a float of four bits. */
    static void mxfp4(byte[] bytes, int at, AffineRow row, int k) {
        int e = bytes[at] & 0xff;
        // half of the power, because the table has doubles; the two least are subnormal
        row.scale(k / 32, Float.intBitsToFloat(e < 2 ? 0x00200000 << e : e - 1 << 23));
        halves(bytes, at + 1, row.codes(), k, 16, E2M1);
    }

    /** Four scales (unsigned floats of 4 bits of exponent and 3 of mantissa), then for each 8 bytes of 16 columns. */
    static void nvfp4(byte[] bytes, int at, AffineRow row, int k) {
        for (int g = 0; g < 4; g++) {
            row.scale(k / 16 + g, unsignedE4m3(bytes[at + g]) / 2);
            halves(bytes, at + 4 + 8 * g, row.codes(), k + 16 * g, 8, E2M1);
        }
    }

    /** Exponent bias 7; the sign bit says nothing, all ones stand for zero. */
    private static float unsignedE4m3(byte bits) {
        int exponent = bits >>> 3 & 0xf;
        int mantissa = bits & 7;
        if (bits == 0x7f) {
            return 0;
        }
        return exponent == 0 ? Math.scalb((float) mantissa, -9) : Math.scalb(1 + mantissa / 8f, exponent - 7);
    }

    private static void halves(byte[] bytes, int at, byte[] codes, int k, int half, byte[] table) {
        for (int i = 0; i < half; i++) {
            codes[k + i] = table[bytes[at + i] & 0xf];
            codes[k + half + i] = table[bytes[at + i] >>> 4 & 0xf];
        }
    }
}
