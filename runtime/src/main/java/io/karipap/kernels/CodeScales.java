package io.karipap.kernels;

import java.util.Arrays;

/**
 * What stands before the codes in a panel of a {@link PackedMatrix}: the scales of a row on their way there, and where they lie. Scales in
 * binary16 are {@code [groups/2][P][2]}, those in binary32 {@code [groups][P]}, or {@code [groups][2][P]} with offsets.
 */
sealed interface CodeScales {
    /** Of a row of {@code columns}; of none where the type has no codes. */
    static CodeScales of(WeightType type, int columns) {
        int groups = WeightType.groups(columns);
        return type.affine()
                ? new Affine(type, WeightType.GROUP / Math.max(1, type.group()) * groups)
                : new Halves(type, type.quantized() ? groups : 0);
    }

    /** Where what belongs to the group of {@link WeightType#GROUP} columns number {@code g} lies, in bytes. */
    static long at(WeightType type, int g) {
        return type.affine()
                ? g * partBytes(type) * (WeightType.GROUP / type.group())
                : g / 2 * (long) PackedMatrix.LANE_BYTES;
    }

    /** Where the scale of column {@code k} lies, in bytes. */
    static long scaleAt(WeightType type, int k) {
        return type.affine() ? k / type.group() * partBytes(type) : at(type, k / WeightType.GROUP);
    }

    /** Bytes that all of {@code groups} groups take. */
    static long bytes(WeightType type, int groups) {
        return at(type, type.affine() ? groups : groups + 1);
    }

    private static long partBytes(WeightType type) {
        return (type.offsets() ? 2L : 1L) * PackedMatrix.LANE_BYTES;
    }

    /**
     * Reads row {@code n}.
     *
     * @param row room for K floats
     * @param codes result, K signed codes
     * @throws IllegalArgumentException if a scale, an offset or a weight to be rounded is not finite
     */
    void read(WeightRows weights, int n, float[] row, byte[] codes);

    /** Puts what was read into a lane of a panel. */
    void put(int[] panel, int lane);

    /** Puts zeros into a lane of a panel. */
    void putZeros(int[] panel, int lane);

    private static IllegalArgumentException notFinite(String what, int n, int g) {
        return new IllegalArgumentException(what + " [" + n + ", " + g + "] is infinite or not a number");
    }

    /** In binary16, of two groups in a lane. */
    final class Halves implements CodeScales {
        private final WeightType type;
        private final short[] scales;

        private Halves(WeightType type, int groups) {
            this.type = type;
            this.scales = new short[groups];
        }

        @Override
        public void read(WeightRows weights, int n, float[] row, byte[] codes) {
            try {
                weights.readCodes(n, type, row, codes, scales);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("row " + n + ": " + e.getMessage(), e);
            }
            for (int g = 0; g < scales.length; g++) {
                if ((scales[g] & 0x7c00) == 0x7c00) {
                    throw notFinite("scale", n, g);
                }
            }
        }

        @Override
        public void put(int[] panel, int lane) {
            for (int g = 0; g < scales.length; g += 2) {
                int odd = g + 1 < scales.length ? scales[g + 1] : 0;
                panel[(int) (at(type, g) / 4) + lane] = scales[g] & 0xffff | odd << 16;
            }
        }

        @Override
        public void putZeros(int[] panel, int lane) {
            Arrays.fill(scales, (short) 0);
            put(panel, lane);
        }
    }

    /** In binary32. */
    final class Affine implements CodeScales {
        private final WeightType type;
        private final float[] scales;
        private final float[] offsets;

        private Affine(WeightType type, int groups) {
            this.type = type;
            this.scales = new float[groups];
            this.offsets = new float[groups];
        }

        @Override
        public void read(WeightRows weights, int n, float[] row, byte[] codes) {
            weights.readAffine(n, type, codes, scales, offsets);
            for (int g = 0; g < scales.length; g++) {
                if (!Float.isFinite(scales[g])) {
                    throw notFinite("scale", n, g);
                }
                if (!Float.isFinite(offsets[g])) {
                    throw notFinite("offset", n, g);
                }
            }
        }

        @Override
        public void put(int[] panel, int lane) {
            for (int g = 0; g < scales.length; g++) {
                int at = (int) (g * partBytes(type) / 4) + lane;
                panel[at] = Float.floatToRawIntBits(scales[g]);
                if (type.offsets()) {
                    panel[at + PackedMatrix.PANEL] = Float.floatToRawIntBits(offsets[g]);
                }
            }
        }

        @Override
        public void putZeros(int[] panel, int lane) {
            Arrays.fill(scales, 0);
            Arrays.fill(offsets, 0);
            put(panel, lane);
        }
    }
}
