package io.karipap.format.block;

import java.util.Arrays;

/** Blocks of 256 columns of −1, 0 and 1 with one scale. */
final class TernaryBlocks {
    private static final int[] POWERS = {1, 3, 9, 27, 81};

    private TernaryBlocks() {}

    /** 32 + 16 bytes of five digits to the base of three, 4 bytes of four, d: a byte is the digits as a fraction, times 256, rounded up. */
    static void tq1(byte[] bytes, int at, AffineRow row, int k) {
        scale(BlockDecoder.half(bytes, at + 52), row, k);
        byte[] codes = row.codes();
        for (int c = 0; c < 160; c++) {
            codes[k + c] = digit(bytes[at + c % 32], c / 32);
        }
        for (int c = 0; c < 80; c++) {
            codes[k + 160 + c] = digit(bytes[at + 32 + c % 16], c / 16);
        }
        for (int c = 0; c < 16; c++) {
            codes[k + 240 + c] = digit(bytes[at + 48 + c % 4], c / 4);
        }
    }

    private static byte digit(byte fraction, int number) {
        int rest = fraction * POWERS[number] & 0xff;
        return (byte) ((rest * 3 >>> 8) - 1);
    }

    /** 64 bytes of four columns, d. */
    static void tq2(byte[] bytes, int at, AffineRow row, int k) {
        scale(BlockDecoder.half(bytes, at + 64), row, k);
        byte[] codes = row.codes();
        for (int c = 0; c < 256; c++) {
            codes[k + c] = (byte) ((bytes[at + c / 128 * 32 + c % 32] >>> 2 * (c / 32 & 3) & 3) - 1);
        }
    }

    private static void scale(float d, AffineRow row, int k) {
        Arrays.fill(row.scales(), k / 32, k / 32 + 8, d);
        Arrays.fill(row.offsets(), k / 32, k / 32 + 8, AffineRow.NO_OFFSET);
    }
}
