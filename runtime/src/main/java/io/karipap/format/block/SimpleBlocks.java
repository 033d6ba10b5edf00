package io.karipap.format.block;

/** Blocks of 32 columns with one scale: column i stands in the lower half of byte i, column i + 16 in its upper half. */
final class SimpleBlocks {
    private static final int HALF = 16;

    private SimpleBlocks() {}

    /** d, 16 bytes: {@code d·(code − 8)}. */
    static void q40(byte[] bytes, int at, AffineRow row, int k) {
        row.scale(k / 32, BlockDecoder.half(bytes, at));
        nibbles(bytes, at + 2, row.codes(), k, 8);
    }

    /** d, m, 16 bytes: {@code d·code + m}. */
    static void q41(byte[] bytes, int at, AffineRow row, int k) {
        row.affine(k / 32, BlockDecoder.half(bytes, at), BlockDecoder.half(bytes, at + 2));
        nibbles(bytes, at + 4, row.codes(), k, 0);
    }

    /** d, 32 fifth bits, 16 bytes: {@code d·(code − 16)}. */
    static void q50(byte[] bytes, int at, AffineRow row, int k) {
        row.scale(k / 32, BlockDecoder.half(bytes, at));
        nibbles(bytes, at + 6, row.codes(), k, 16);
        fifthBits((int) BlockDecoder.INT.get(bytes, at + 2), row.codes(), k);
    }

    /** d, m, 32 fifth bits, 16 bytes: {@code d·code + m}. */
    static void q51(byte[] bytes, int at, AffineRow row, int k) {
        row.affine(k / 32, BlockDecoder.half(bytes, at), BlockDecoder.half(bytes, at + 2));
        nibbles(bytes, at + 8, row.codes(), k, 0);
        fifthBits((int) BlockDecoder.INT.get(bytes, at + 4), row.codes(), k);
    }

    /** d, 32 signed bytes. */
    static void q80(byte[] bytes, int at, AffineRow row, int k) {
        row.scale(k / 32, BlockDecoder.half(bytes, at));
        System.arraycopy(bytes, at + 2, row.codes(), k, 32);
    }

    private static void nibbles(byte[] bytes, int at, byte[] codes, int k, int bias) {
        for (int i = 0; i < HALF; i++) {
            codes[k + i] = (byte) ((bytes[at + i] & 0xf) - bias);
            codes[k + HALF + i] = (byte) ((bytes[at + i] >>> 4 & 0xf) - bias);
        }
    }

    private static void fifthBits(int bits, byte[] codes, int k) {
        for (int i = 0; i < 32; i++) {
            codes[k + i] += (byte) ((bits >>> i & 1) << 4);
        }
    }
}
