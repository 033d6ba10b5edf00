package io.karipap.format.block;

/**
 * The K types: blocks of 256 columns whose groups of 16 or 32 have small whole scales, which a binary16 number of the block multiplies;
 * some have such offsets too, which are subtracted.
 */
final class SuperBlocks {
    private SuperBlocks() {}

    /** 16 bytes of scale and offset (4 bits each), 64 bytes of codes (2 bits), d, dmin. */
    static void q2(byte[] bytes, int at, AffineRow row, int k) {
        float d = BlockDecoder.half(bytes, at + 80);
        float dmin = BlockDecoder.half(bytes, at + 82);
        for (int g = 0; g < 16; g++) {
            int both = bytes[at + g] & 0xff;
            row.affine(k / 16 + g, d * (both & 0xf), -(dmin * (both >>> 4)));
        }
        pairs(bytes, at + 16, row.codes(), k);
    }

    /** 32 bytes of third bits (set where 4 is not subtracted), 64 bytes of two bits, 12 bytes of scales (6 bits), d. */
    static void q3(byte[] bytes, int at, AffineRow row, int k) {
        float d = BlockDecoder.half(bytes, at + 108);
        for (int g = 0; g < 16; g++) {
            int low = bytes[at + 96 + g % 8] >>> (g < 8 ? 0 : 4) & 0xf;
            int high = bytes[at + 104 + g % 4] >>> 2 * (g / 4) & 3;
            row.scale(k / 16 + g, d * ((low | high << 4) - 32));
        }
        byte[] codes = row.codes();
        pairs(bytes, at + 32, codes, k);
        for (int c = 0; c < 256; c++) {
            codes[k + c] += (byte) (((bytes[at + c % 32] >>> c / 32 & 1) << 2) - 4);
        }
    }

    /** d, dmin, 12 bytes of scales and offsets (6 bits), 128 bytes of codes (4 bits). */
    static void q4(byte[] bytes, int at, AffineRow row, int k) {
        scalesAndOffsets(bytes, at, row, k / 32);
        byte[] codes = row.codes();
        for (int c = 0; c < 256; c++) {
            codes[k + c] = (byte) (bytes[at + 16 + c / 64 * 32 + c % 32] >>> 4 * (c / 32 & 1) & 0xf);
        }
    }

    /** As {@link #q4}, with 32 bytes of fifth bits before the codes. */
    static void q5(byte[] bytes, int at, AffineRow row, int k) {
        scalesAndOffsets(bytes, at, row, k / 32);
        byte[] codes = row.codes();
        for (int c = 0; c < 256; c++) {
            int low = bytes[at + 48 + c / 64 * 32 + c % 32] >>> 4 * (c / 32 & 1) & 0xf;
            codes[k + c] = (byte) (low | (bytes[at + 16 + c % 32] >>> c / 32 & 1) << 4);
        }
    }

    /** 128 bytes of lower bits (4), 64 of higher (2), 16 signed scales, d: {@code d·scale·(code − 32)}. */
    static void q6(byte[] bytes, int at, AffineRow row, int k) {
        float d = BlockDecoder.half(bytes, at + 208);
        for (int g = 0; g < 16; g++) {
            row.scale(k / 16 + g, d * bytes[at + 192 + g]);
        }
        byte[] codes = row.codes();
        for (int c = 0; c < 256; c++) {
            int half = c / 128;
            int low = bytes[at + half * 64 + c % 64] >>> 4 * (c / 64 & 1) & 0xf;
            int high = bytes[at + 128 + half * 32 + c % 32] >>> 2 * (c / 32 & 3) & 3;
            codes[k + c] = (byte) ((low | high << 4) - 32);
        }
    }

    /** Codes of two bits: of each 128 columns, the first 32 stand in the lowest bits of 32 bytes, the next 32 above them and so on. */
    private static void pairs(byte[] bytes, int at, byte[] codes, int k) {
        for (int c = 0; c < 256; c++) {
            codes[k + c] = (byte) (bytes[at + c / 128 * 32 + c % 32] >>> 2 * (c / 32 & 3) & 3);
        }
    }

    /** Eight scales and eight offsets: of the first four of each the six bits of a byte, of the others four bits and two from those bytes. */
    private static void scalesAndOffsets(byte[] bytes, int at, AffineRow row, int first) {
        float d = BlockDecoder.half(bytes, at);
        float dmin = BlockDecoder.half(bytes, at + 2);
        int from = at + 4;
        for (int g = 0; g < 4; g++) {
            int scale = bytes[from + g] & 0xff;
            int offset = bytes[from + 4 + g] & 0xff;
            int low = bytes[from + 8 + g] & 0xff;
            row.affine(first + g, d * (scale & 0x3f), -(dmin * (offset & 0x3f)));
            row.affine(
                    first + 4 + g, d * (low & 0xf | scale >>> 2 & 0x30), -(dmin * (low >>> 4 | offset >>> 2 & 0x30)));
        }
    }
}
