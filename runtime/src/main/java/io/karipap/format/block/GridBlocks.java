package io.karipap.format.block;

/** The IQ types of 256 columns a block whose codes are points of a grid, with signs of their own or (IQ1) shifted by an eighth. */
final class GridBlocks {
    private GridBlocks() {}

    /** d, eight groups of four bytes (points) and 32 bits: four times seven bits of signs, four bits of scale. */
    static void iq2xxs(byte[] bytes, int at, AffineRow row, int k) {
        float d = BlockDecoder.half(bytes, at);
        for (int g = 0; g < 8; g++) {
            int from = at + 2 + 8 * g;
            int bits = (int) BlockDecoder.INT.get(bytes, from + 4);
            row.scale(k / 32 + g, d * (0.5f + (bits >>> 28)) * 0.25f);
            for (int i = 0; i < 4; i++) {
                int column = k + 32 * g + 8 * i;
                points(Grids.IQ2_XXS, (bytes[from + i] & 0xff) * 8, 8, row.codes(), column);
                sign(signs(bits >>> 7 * i), row.codes(), column);
            }
        }
    }

    /** d, 32 × 16 bits: nine of a point, seven of signs; 16 scales of four bits. */
    static void iq2xs(byte[] bytes, int at, AffineRow row, int k) {
        quarteredScales(bytes, at, at + 66, row, k);
        for (int i = 0; i < 32; i++) {
            int bits = BlockDecoder.uint16(bytes, at + 2 + 2 * i);
            points(Grids.IQ2_XS, (bits & 511) * 8, 8, row.codes(), k + 8 * i);
            sign(signs(bits >>> 9), row.codes(), k + 8 * i);
        }
    }

    /** d, 32 lower bytes of points, 32 bytes of signs, 8 bytes of higher bits (2) of points, 16 scales of four bits. */
    static void iq2s(byte[] bytes, int at, AffineRow row, int k) {
        quarteredScales(bytes, at, at + 74, row, k);
        for (int i = 0; i < 32; i++) {
            int point = bytes[at + 2 + i] & 0xff | (bytes[at + 66 + i / 4] >>> 2 * (i & 3) & 3) << 8;
            points(Grids.IQ2_S, point * 8, 8, row.codes(), k + 8 * i);
            sign(bytes[at + 34 + i], row.codes(), k + 8 * i);
        }
    }

    /** d, 64 bytes of points of four dimensions, eight times 32 bits as in {@link #iq2xxs}. */
    static void iq3xxs(byte[] bytes, int at, AffineRow row, int k) {
        float d = BlockDecoder.half(bytes, at);
        for (int i = 0; i < 64; i++) {
            points(Grids.IQ3_XXS, (bytes[at + 2 + i] & 0xff) * 4, 4, row.codes(), k + 4 * i);
        }
        for (int g = 0; g < 8; g++) {
            int bits = (int) BlockDecoder.INT.get(bytes, at + 66 + 4 * g);
            row.scale(k / 32 + g, d * (0.5f + (bits >>> 28)) * 0.5f);
            for (int i = 0; i < 4; i++) {
                sign(signs(bits >>> 7 * i), row.codes(), k + 32 * g + 8 * i);
            }
        }
    }

    /** d, 64 lower bytes of points, 8 bytes of their ninth bits, 32 bytes of signs, 8 scales of four bits. */
    static void iq3s(byte[] bytes, int at, AffineRow row, int k) {
        float d = BlockDecoder.half(bytes, at);
        for (int i = 0; i < 64; i++) {
            int point = bytes[at + 2 + i] & 0xff | (bytes[at + 66 + i / 8] >>> (i & 7) & 1) << 8;
            points(Grids.IQ3_S, point * 4, 4, row.codes(), k + 4 * i);
        }
        for (int i = 0; i < 32; i++) {
            sign(bytes[at + 74 + i], row.codes(), k + 8 * i);
        }
        for (int g = 0; g < 8; g++) {
            row.scale(k / 32 + g, d * (1 + 2 * nibble(bytes, at + 106, g)));
        }
    }

    /** d, 32 lower bytes of points, 8 × 16 bits: four times three bits of points, three of scale, one for the shift. */
    static void iq1s(byte[] bytes, int at, AffineRow row, int k) {
        float d = BlockDecoder.half(bytes, at);
        for (int g = 0; g < 8; g++) {
            int bits = BlockDecoder.uint16(bytes, at + 34 + 2 * g);
            row.scale(k / 32 + g, d * (2 * (bits >>> 12 & 7) + 1) * 0.125f);
            for (int i = 0; i < 4; i++) {
                int point = bytes[at + 2 + 4 * g + i] & 0xff | (bits >>> 3 * i & 7) << 8;
                shifted(point, bits >>> 15 == 0 ? 1 : -1, row.codes(), k + 32 * g + 8 * i);
            }
        }
    }

    /** 32 lower bytes of points, 32 × four bits: three of points, one for the shift; 16 scales of three bits, d in the bits between. */
    static void iq1m(byte[] bytes, int at, AffineRow row, int k) {
        int half = 0;
        for (int i = 0; i < 4; i++) {
            half |= BlockDecoder.uint16(bytes, at + 48 + 2 * i) >>> 12 << 4 * i;
        }
        float d = Float.float16ToFloat((short) half);
        for (int g = 0; g < 16; g++) {
            int scale = BlockDecoder.uint16(bytes, at + 48 + g / 4 * 2) >>> 3 * (g & 3) & 7;
            row.scale(k / 16 + g, d * (2 * scale + 1) * 0.125f);
        }
        for (int i = 0; i < 32; i++) {
            int bits = nibble(bytes, at + 32, i);
            int point = bytes[at + i] & 0xff | (bits & 7) << 8;
            shifted(point, bits >>> 3 == 0 ? 1 : -1, row.codes(), k + 8 * i);
        }
    }

    private static void quarteredScales(byte[] bytes, int at, int scalesAt, AffineRow row, int k) {
        float d = BlockDecoder.half(bytes, at);
        for (int g = 0; g < 16; g++) {
            row.scale(k / 16 + g, d * (0.5f + nibble(bytes, scalesAt, g)) * 0.25f);
        }
    }

    private static int nibble(byte[] bytes, int at, int number) {
        return bytes[at + number / 2] >>> 4 * (number & 1) & 0xf;
    }

    /** Eight signs of seven bits: the eighth makes their number even. */
    private static int signs(int bits) {
        int seven = bits & 0x7f;
        return seven | (Integer.bitCount(seven) & 1) << 7;
    }

    private static void points(byte[] grid, int from, int dimensions, byte[] codes, int k) {
        for (int i = 0; i < dimensions; i++) {
            codes[k + i] = grid[from + i];
        }
    }

    private static void sign(int signs, byte[] codes, int k) {
        for (int i = 0; i < 8; i++) {
            int negative = -(signs >>> i & 1);
            codes[k + i] = (byte) ((codes[k + i] ^ negative) - negative);
        }
    }

    /** Points of −1, 0 and 1, in eighths, all shifted by one. */
    private static void shifted(int point, int shift, byte[] codes, int k) {
        for (int i = 0; i < 8; i++) {
            codes[k + i] = (byte) (8 * Grids.IQ1[point * 8 + i] + shift);
        }
    }
}
