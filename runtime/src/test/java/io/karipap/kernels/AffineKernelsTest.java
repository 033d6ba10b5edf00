package io.karipap.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.karipap.kernels.scalar.ScalarKernels;
import io.karipap.kernels.vector.VectorKernels;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Weights of codes with scales and offsets in binary32: the bits of F32 weights of the same values. */
class AffineKernelsTest {
    private static final int[] SIZES = {1, 16, 33, 64, 207};
    private static final int[] COLUMNS = {32, 96, 256, 544, 1120};
    private static final int[] ROWS = {1, 2, 3, 5, 9, 17};

    private final SplittableRandom random = new SplittableRandom(1);

    /** Rows as a file has them. */
    private final class Stored implements WeightRows {
        private final WeightType type;
        private final int rows;
        private final int columns;
        private final byte[] codes;
        private final float[] scales;
        private final float[] offsets;

        Stored(WeightType type, int rows, int columns) {
            this.type = type;
            this.rows = rows;
            this.columns = columns;
            codes = new byte[rows * columns];
            scales = new float[codes.length / type.group()];
            offsets = new float[scales.length];
            for (int i = 0; i < codes.length; i++) {
                codes[i] = (byte) (random.nextInt(1 << type.bits()) - type.bias());
            }
            for (int g = 0; g < scales.length; g++) {
                scales[g] = number();
                offsets[g] = type.offsets() ? number() : -0f;
            }
        }

        /** Whole mantissas, now and then zero, subnormal or large. */
        private float number() {
            float value = (float) random.nextGaussian();
            return switch (random.nextInt(16)) {
                case 0 -> 0f;
                case 1 -> value * 1e-40f;
                case 2 -> value * 1e20f;
                case 3 -> -0f;
                default -> value;
            };
        }

        @Override
        public int rows() {
            return rows;
        }

        @Override
        public int columns() {
            return columns;
        }

        @Override
        public void read(int n, float[] out) {
            for (int k = 0; k < columns; k++) {
                int i = n * columns + k;
                out[k] = Math.fma((float) codes[i], scales[i / type.group()], offsets[i / type.group()]);
            }
        }

        @Override
        public void readAffine(int n, WeightType asked, byte[] rowCodes, float[] rowScales, float[] rowOffsets) {
            int groups = columns / type.group();
            System.arraycopy(codes, n * columns, rowCodes, 0, columns);
            System.arraycopy(scales, n * groups, rowScales, 0, groups);
            System.arraycopy(offsets, n * groups, rowOffsets, 0, groups);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"A8", "A4", "A4_16", "S8_16"})
    void productsHaveTheBitsOfFloats(WeightType type) {
        Kernels scalar = new ScalarKernels();
        Kernels vector = new VectorKernels();
        for (int n : SIZES) {
            for (int k : COLUMNS) {
                try (WeightMemory memory = new WeightMemory()) {
                    Stored weights = new Stored(type, n, k);
                    PackedMatrix floats = PackedMatrix.pack(WeightType.F32, weights, memory);
                    PackedMatrix packed = PackedMatrix.pack(type, weights, memory);
                    for (int rows : ROWS) {
                        Rows x = Rows.allocate(rows, k);
                        for (int i = 0; i < x.data().length; i++) {
                            x.data()[i] = (float) random.nextGaussian();
                        }
                        float[] expected = product(scalar, floats, x, rows);
                        assertThat(product(scalar, packed, x, rows))
                                .as("%s %d×%d, %d rows, scalar", type, n, k, rows)
                                .isEqualTo(expected);
                        assertThat(product(vector, packed, x, rows))
                                .as("%s %d×%d, %d rows, vector", type, n, k, rows)
                                .isEqualTo(expected);
                    }
                }
            }
        }
    }

    private static float[] product(Kernels kernels, PackedMatrix w, Rows x, int rows) {
        Rows y = Rows.allocate(rows, w.rows());
        kernels.matmul(w, Blocks.all(w), x, y, rows);
        return y.data();
    }

    @ParameterizedTest
    @EnumSource(names = {"A8", "A4", "A4_16", "S8_16"})
    void rowsComeBackBitForBit(WeightType type) {
        try (WeightMemory memory = new WeightMemory()) {
            Stored weights = new Stored(type, 37, 96);
            PackedMatrix packed = PackedMatrix.pack(type, weights, memory);
            float[] expected = new float[96];
            float[] actual = new float[98];
            for (int n = 0; n < 37; n++) {
                weights.read(n, expected);
                packed.copyRow(n, actual, 1);
                for (int k = 0; k < 96; k++) {
                    assertThat(Float.floatToRawIntBits(actual[1 + k])).isEqualTo(Float.floatToRawIntBits(expected[k]));
                    assertThat(packed.get(n, k)).isEqualTo(expected[k]);
                }
            }
            assertThat(memory.totalBytes()).isEqualTo(48 * type.rowBytes(96));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"A8", "A4", "A4_16", "S8_16"})
    void infiniteScalesAndOffsetsAreRefused(WeightType type) {
        Stored weights = new Stored(type, 3, 64);
        int last = weights.scales.length - 1;
        int lastOfRow = 64 / type.group() - 1;
        try (WeightMemory memory = new WeightMemory()) {
            weights.offsets[last] = Float.NEGATIVE_INFINITY;
            assertThatThrownBy(() -> PackedMatrix.pack(type, weights, memory))
                    .hasMessage("offset [2, " + lastOfRow + "] is infinite or not a number");
            weights.scales[last] = Float.NaN;
            assertThatThrownBy(() -> PackedMatrix.pack(type, weights, memory))
                    .hasMessage("scale [2, " + lastOfRow + "] is infinite or not a number");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"A8", "A4", "A4_16", "S8_16"})
    void nothingIsRoundedToThem(WeightType type) {
        try (WeightMemory memory = new WeightMemory()) {
            WeightRows weights = WeightRows.of(1, 32, new float[32]);
            assertThatThrownBy(() -> PackedMatrix.pack(type, weights, memory))
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContaining(type.name());
        }
    }
}
