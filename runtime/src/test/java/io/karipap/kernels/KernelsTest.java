package io.karipap.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.EnumSet;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
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
    @EnumSource
    void matmulGivesTheSameBitsAndIsCloseToDoubles(WeightType type) {
        for (int n : SIZES) {
            for (int k : SIZES) {
                check(type, n, k, randoms(n * k));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void matmulTakesExtremeWeights(WeightType type) {
        float max =
                switch (type) {
                    case F16 -> 65504f;
                    case Q8, Q4 -> 5e5f;
                    case F32, BF16 -> 1e37f;
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
        int panels = 5;
        int positions = panels * PackedMatrix.PANEL;
        float[] query = randoms(6 * headDim + 2);
        float[] keys = randoms(positions * headDim);
        float[] values = randoms(70 * headDim);
        float[] probabilities = randoms(6 * 75);
        for (int n = 1; n <= 6; n++) {
            int heads = n;
            assertSame(
                    heads * (positions + 3),
                    (kernels, out) -> kernels.attentionScores(
                            heads, headDim, query, 2, keys, 0, panels, 0.125f, out, 1, positions + 3));
            assertSame(
                    heads * headDim,
                    (kernels, out) ->
                            kernels.attentionValues(heads, headDim, probabilities, 3, 72, values, 0, 70, out, 1));
        }
    }

    /** Pairs of bfloat16 give the bits of the floats that they stand for. */
    @ParameterizedTest
    @ValueSource(ints = {8, 13, 64, 128})
    void attentionInPairsGivesTheSameBits(int headDim) {
        int panels = 5;
        int blockPositions = panels * PackedMatrix.PANEL;
        int pairs = (headDim + 1) / 2;
        float[] query = randoms(6 * headDim + 2);
        int[] keys = pairs(blockPositions * pairs);
        int[] values = pairs(36 * headDim);
        float[] probabilities = randoms(6 * 75);
        for (int n = 1; n <= 6; n++) {
            int heads = n;
            assertSame(
                    heads * blockPositions,
                    (kernels, out) -> kernels.attentionScores(
                            heads, headDim, query, 2, keys, 0, panels, 0.125f, out, 1, blockPositions));
            for (int positions : new int[] {70, 71}) {
                assertSame(
                        heads * headDim,
                        (kernels, out) -> kernels.attentionValues(
                                heads, headDim, probabilities, 0, 73, values, 0, positions, out, 1));
            }
        }
        float[] floats = new float[72 * headDim];
        for (int i = 0; i < floats.length; i++) {
            int pair = values[i / headDim / 2 * headDim + i % headDim];
            floats[i] = WeightType.BF16.toFloat(i / headDim % 2 == 0 ? pair & 0xffff : pair >>> 16);
        }
        float[] expected = new float[headDim];
        float[] actual = new float[headDim];
        scalar.attentionValues(1, headDim, probabilities, 0, 0, floats, 0, 71, expected, 0);
        scalar.attentionValues(1, headDim, probabilities, 0, 0, values, 0, 71, actual, 0);
        assertThat(actual).isEqualTo(expected);
    }

    private int[] pairs(int count) {
        float[] low = randoms(count);
        float[] high = randoms(count);
        int[] pairs = new int[count];
        for (int i = 0; i < count; i++) {
            pairs[i] = WeightType.BF16.fromFloat(low[i]) | WeightType.BF16.fromFloat(high[i]) << 16;
        }
        return pairs;
    }

    @ParameterizedTest
    @ValueSource(floats = {-200f, -87.5f, -87f, -50f, -1f, -1e-7f, -0f, 0f, 1e-7f, 0.5f, 1f, 20f, 88f})
    void exponentialIsExact(float x) {
        double expected = x < Exponential.MIN ? 0 : Math.exp(x);
        assertThat((double) Exponential.exp(x)).isCloseTo(expected, within(expected * 2e-7));
    }

    @ParameterizedTest
    @EnumSource
    void infiniteWeightsAreRefused(WeightType type) {
        try (WeightMemory memory = new WeightMemory()) {
            WeightRows weights = WeightRows.of(2, 2, new float[] {1, 2, 3, Float.POSITIVE_INFINITY});
            assertThatThrownBy(() -> PackedMatrix.pack(type, weights, memory))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(type.quantized() ? "row 1" : "[1, 1]");
        }
    }

    @Test
    @Timeout(60)
    void warmingKernelsBecomeReady() throws InterruptedException {
        Kernels warming = new WarmingKernels(scalar, vector);
        assertThat(warming.ready()).isFalse();
        assertThat(warming.name()).isEqualTo(vector.name());
        warming.prepare(EnumSet.allOf(WeightType.class));
        while (!warming.ready()) {
            Thread.sleep(5);
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
                scalar.multiplyLanes(w, x, 3, expected, 1, shape[0], shape[1], batch);
                vector.multiplyLanes(w, x, 3, actual, 1, shape[0], shape[1], batch);
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
