package io.karipap.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.karipap.kernels.scalar.ScalarKernels;
import io.karipap.kernels.vector.VectorKernels;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Vector kernels against the scalar reference, to the bit, and the reference against sums in double precision. */
class KernelsTest {
    private static final int[] SIZES = {1, 13, 16, 31, 33, 64, 207, 513, 1100};
    private static final int[] ROWS = {1, 2, 3, 4, 5, 9, 10, 15, 17};

    private final Kernels scalar = new ScalarKernels();
    private final Kernels vector = new VectorKernels();
    private final SplittableRandom random = new SplittableRandom(1);

    private float[] randoms(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    @ParameterizedTest
    @EnumSource(names = {"F32", "BF16", "F16", "Q8", "Q4"})
    void matmulGivesTheSameBitsAndIsCloseToDoubles(WeightType type) {
        for (int n : SIZES) {
            for (int k : SIZES) {
                check(type, n, k, randoms(n * k));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"F32", "BF16", "F16", "Q8", "Q4"})
    void matmulTakesExtremeWeights(WeightType type) {
        float max =
                switch (type) {
                    case F16 -> 65504f;
                    case Q8, Q4 -> 5e5f;
                    default -> 1e37f;
                };
        float[] extremes = {0f, -0f, Float.MIN_VALUE, -Float.MIN_VALUE, 1e-40f, 5.9e-8f, 6.0e-5f, max, -max, 1f, -1f};
        float[] weights = new float[77 * 65];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = extremes[random.nextInt(extremes.length)];
        }
        check(type, 77, 65, weights);
    }

    private void check(WeightType type, int n, int k, float[] weights) {
        try (WeightMemory memory = new WeightMemory()) {
            PackedMatrix packed = PackedMatrix.pack(type, WeightRows.of(n, k, weights), memory);
            for (int rows : ROWS) {
                Rows x = new Rows(randoms(rows * (k + 3) + 5), 5, k + 3);
                Rows expected = Rows.allocate(rows, n);
                Rows actual = new Rows(new float[rows * (n + 7) + 2], 2, n + 7);
                scalar.matmul(packed, Blocks.all(packed), x, expected, rows);
                int middle = packed.blocks() / 2;
                vector.matmul(packed, Blocks.range(0, middle), x, actual, rows);
                vector.matmul(packed, Blocks.range(middle, packed.blocks()), x, actual, rows);
                for (int m = 0; m < rows; m++) {
                    for (int j = 0; j < n; j++) {
                        float value = expected.data()[expected.at(m) + j];
                        float own = actual.data()[actual.at(m) + j];
                        if (Float.compare(own, value) != 0) { // a million descriptions take longer than all the sums
                            assertThat(own)
                                    .as("%s %d×%d row %d of %d, feature %d", type, n, k, m, rows, j)
                                    .isEqualTo(value);
                        }
                        double exact = 0;
                        double size = 0;
                        for (int i = 0; i < k; i++) {
                            double term = (double) packed.get(j, i) * x.data()[x.at(m) + i];
                            exact += term;
                            size += Math.abs(term);
                        }
                        double close = size * 1e-6 * (1 + k / 64.0) + 1e-42;
                        if (!(Math.abs(value - exact) <= close)) {
                            assertThat((double) value).isCloseTo(exact, within(close));
                        }
                    }
                    for (int gap = 0; gap < 7 && m + 1 < rows; gap++) {
                        assertThat(actual.data()[actual.at(m) + n + gap]).isZero();
                    }
                }
            }
        }
    }

    private static org.assertj.core.data.Offset<Double> within(double offset) {
        return org.assertj.core.data.Offset.offset(offset);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 13, 16, 31, 33, 64, 207, 4097})
    void elementwiseKernelsGiveTheSameBits(int n) {
        float[] x = randoms(n + 1);
        float[] w = randoms(n);
        assertSame(n, (kernels, out) -> kernels.rmsNorm(x, 1, w, 1e-5f, out, 1));
        assertSame(n, (kernels, out) -> {
            System.arraycopy(x, 1, out, 1, n);
            kernels.siluGate(out, 1, w, 0, n);
        });
        assertSame(n, (kernels, out) -> {
            System.arraycopy(x, 1, out, 1, n);
            kernels.add(w, 0, out, 1, n);
        });
        assertSame(n, (kernels, out) -> {
            System.arraycopy(x, 1, out, 1, n);
            kernels.multiply(w, 0, out, 1, n);
        });
        assertSame(n, (kernels, out) -> {
            System.arraycopy(x, 1, out, 1, n);
            kernels.scale(out, 1, n, 1.7f);
        });
        assertSame(n, (kernels, out) -> {
            System.arraycopy(x, 1, out, 1, n);
            kernels.layerNorm(out, 1, w, x, 1e-5f);
        });
        for (float factor : new float[] {1, 8, 1000}) {
            assertSame(n, (kernels, out) -> {
                System.arraycopy(x, 1, out, 1, n);
                kernels.scale(out, 1, n, factor);
                kernels.gelu(out, 1, n);
            });
            assertSame(n, (kernels, out) -> {
                System.arraycopy(x, 1, out, 1, n);
                kernels.scale(out, 1, n, factor);
                kernels.softCap(out, 1, n, 3);
            });
        }
        assertSame(n, (kernels, out) -> {
            for (int i = 0; i < n; i++) {
                out[1 + i] = x[1 + i] * 40;
            }
            kernels.softmax(out, 1, n);
        });
        assertThat(vector.argmax(x, 1, n)).isEqualTo(scalar.argmax(x, 1, n));
    }

    private interface Call {
        void run(Kernels kernels, float[] out);
    }

    private void assertSame(int n, Call call) {
        float[] expected = new float[n + 1];
        float[] actual = new float[n + 1];
        call.run(scalar, expected);
        call.run(vector, actual);
        assertThat(actual).containsExactly(expected);
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 13, 64, 128})
    void attentionGivesTheSameBits(int headDim) {
        attentionGivesTheSameBits(new FloatKvBlock(2, 5 * PackedMatrix.PANEL, headDim));
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 13, 64, 128})
    void attentionInPairsGivesTheSameBits(int headDim) {
        attentionGivesTheSameBits(new Bfloat16KvBlock(2, 5 * PackedMatrix.PANEL, headDim));
    }

    private void attentionGivesTheSameBits(KvBlock block) {
        int headDim = block.headDim();
        int stride = block.positions() + 3;
        fill(block);
        float[] query = randoms(6 * headDim + 2);
        float[] probabilities = randoms(6 * 75);
        for (int n = 1; n <= 6; n++) {
            int heads = n;
            HeadRows queries = new HeadRows().set(query, 2, headDim, heads);
            assertSame(
                    heads * stride,
                    (kernels, out) -> kernels.attentionScores(
                            queries, block, 1, 0.125f, new HeadRows().set(out, 1, stride, heads)));
            HeadRows weights = new HeadRows().set(probabilities, 3, 72, heads);
            for (int positions : new int[] {70, 71}) {
                assertSame(
                        heads * headDim,
                        (kernels, out) -> kernels.attentionValues(
                                weights, block, 1, positions, new HeadRows().set(out, 1, headDim, heads)));
            }
        }
    }

    private void fill(KvBlock block) {
        int headDim = block.headDim();
        for (int head = 0; head < 2; head++) {
            for (int t = 0; t < block.positions(); t++) {
                block.store(head, t, randoms(headDim), 0, randoms(headDim), 0);
            }
        }
    }

    /** Pairs of bfloat16 give the bits of the floats that they stand for. */
    @ParameterizedTest
    @ValueSource(ints = {8, 13, 64, 128})
    void pairsGiveTheBitsOfFloats(int headDim) {
        int positions = 5 * PackedMatrix.PANEL;
        KvBlock floats = new FloatKvBlock(1, positions, headDim);
        KvBlock pairs = new Bfloat16KvBlock(1, positions, headDim);
        for (int t = 0; t < positions; t++) {
            float[] key = stored(headDim, true);
            float[] value = stored(headDim, true);
            floats.store(0, t, key, 0, value, 0);
            pairs.store(0, t, key, 0, value, 0);
        }
        HeadRows queries = new HeadRows().set(randoms(headDim), 0, headDim, 1);
        HeadRows probabilities = new HeadRows().set(randoms(positions), 0, positions, 1);
        float[][] scores = new float[2][positions];
        float[][] out = new float[2][headDim];
        for (int i = 0; i < 2; i++) {
            KvBlock block = i == 0 ? floats : pairs;
            scalar.attentionScores(queries, block, 0, 0.125f, new HeadRows().set(scores[i], 0, positions, 1));
            scalar.attentionValues(probabilities, block, 0, 71, new HeadRows().set(out[i], 0, headDim, 1));
        }
        assertThat(scores[1]).isEqualTo(scores[0]);
        assertThat(out[1]).isEqualTo(out[0]);
    }

    /** Scores and values against sums in double precision of what was stored. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void attentionIsCloseToDoubles(boolean rounded) {
        int headDim = 13;
        int positions = 2 * PackedMatrix.PANEL;
        KvBlock block = rounded ? new Bfloat16KvBlock(3, positions, headDim) : new FloatKvBlock(3, positions, headDim);
        float[] keys = stored(positions * headDim, rounded);
        float[] values = stored(positions * headDim, rounded);
        for (int t = 0; t < positions; t++) {
            block.store(2, t, keys, t * headDim, values, t * headDim);
        }
        float[] query = randoms(headDim);
        float[] probabilities = randoms(positions);
        float[] scores = new float[positions];
        float[] out = new float[headDim];
        scalar.attentionScores(
                new HeadRows().set(query, 0, headDim, 1), block, 2, 0.5f, new HeadRows().set(scores, 0, positions, 1));
        scalar.attentionValues(
                new HeadRows().set(probabilities, 0, positions, 1),
                block,
                2,
                positions - 1,
                new HeadRows().set(out, 0, headDim, 1));
        for (int t = 0; t < positions; t++) {
            double sum = 0;
            for (int h = 0; h < headDim; h++) {
                sum += (double) query[h] * keys[t * headDim + h];
            }
            assertThat((double) scores[t]).isCloseTo(sum / 2, within(1e-5));
        }
        for (int h = 0; h < headDim; h++) {
            double sum = 0;
            for (int t = 0; t < positions - 1; t++) {
                sum += (double) probabilities[t] * values[t * headDim + h];
            }
            assertThat((double) out[h]).isCloseTo(sum, within(1e-5));
        }
    }

    private float[] stored(int count, boolean rounded) {
        float[] values = randoms(count);
        for (int i = 0; rounded && i < count; i++) {
            values[i] = WeightType.BF16.toFloat(WeightType.BF16.fromFloat(values[i]));
        }
        return values;
    }

    @ParameterizedTest
    @ValueSource(floats = {-200f, -87.5f, -87f, -50f, -1f, -1e-7f, -0f, 0f, 1e-7f, 0.5f, 1f, 20f, 88f})
    void exponentialIsExact(float x) {
        double expected = x < Exponential.MIN ? 0 : Math.exp(x);
        assertThat((double) Exponential.exp(x)).isCloseTo(expected, within(expected * 2e-7));
    }

    @ParameterizedTest
    @EnumSource(names = {"F32", "BF16", "F16", "Q8", "Q4"})
    void infiniteWeightsAreRefused(WeightType type) {
        try (WeightMemory memory = new WeightMemory()) {
            WeightRows weights = WeightRows.of(2, 2, new float[] {1, 2, 3, Float.POSITIVE_INFINITY});
            assertThatThrownBy(() -> PackedMatrix.pack(type, weights, memory))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(type.quantized() ? "row 1" : "[1, 1]");
        }
    }

    @Test
    void productsInLanes() {
        for (int batch : new int[] {1, 8, 13, 33, 207}) {
            for (int[] shape : new int[][] {{1, 1}, {4, 4}, {3, 7}}) {
                float[] w = randoms(shape[0] * shape[1] * batch);
                float[] x = randoms(shape[1] * batch + 3);
                float[] expected = new float[shape[0] * batch + 1];
                float[] actual = new float[expected.length];
                LaneWeights weights = new LaneWeights(w, shape[0], shape[1], batch);
                scalar.multiplyLanes(weights, x, 3, expected, 1);
                vector.multiplyLanes(weights, x, 3, actual, 1);
                assertThat(actual).isEqualTo(expected);
                for (int j = 0; j < shape[0]; j++) {
                    for (int b = 0; b < batch; b++) {
                        double sum = 0;
                        for (int k = 0; k < shape[1]; k++) {
                            sum += (double) x[3 + k * batch + b] * w[(j * shape[1] + k) * batch + b];
                        }
                        assertThat((double) expected[1 + j * batch + b]).isCloseTo(sum, Offset.offset(1e-5));
                    }
                }
            }
        }
    }
}
