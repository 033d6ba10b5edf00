package io.karipap.train;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Offset;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;

class AdamWTest {
    /** The update as Loshchilov and Hutter write it (algorithm 2), weight by weight. */
    @Test
    void updatesAreThoseOfThePaper() {
        double[] w = {0.5, -1, 2, 0.25};
        double[] m = new double[4];
        double[] v = new double[4];
        try (PointerScope _ = new PointerScope()) {
            Tensor weights = vector(w);
            AdamW optimiser = new AdamW(vector(m), vector(v), 2, 0.1, 1.5);
            for (int step = 1; step <= 5; step++) {
                double[] g = {0.3 * step, -2, 1e-4, 0.7 / step};
                double norm = Math.sqrt(g[0] * g[0] + g[1] * g[1] + g[2] * g[2] + g[3] * g[3]);
                assertThat(optimiser.update(weights, vector(g), step, 0.01)).isCloseTo(norm, Offset.offset(1e-5));
                for (int i = 0; i < 4; i++) {
                    double clipped = g[i] * Math.min(1, 1.5 / norm);
                    m[i] = 0.9 * m[i] + 0.1 * clipped;
                    v[i] = 0.95 * v[i] + 0.05 * clipped * clipped;
                    double mean = m[i] / (1 - Math.pow(0.9, step));
                    double square = v[i] / (1 - Math.pow(0.95, step));
                    w[i] -= 0.01 * (mean / (Math.sqrt(square) + 1e-8) + (i < 2 ? 0.1 * w[i] : 0));
                }
            }
            float[] ours = Torch.floats(weights);
            for (int i = 0; i < 4; i++) {
                assertThat((double) ours[i]).isCloseTo(w[i], Offset.offset(2e-5));
            }
        }
    }

    @Test
    void aGradientThatIsNoNumberChangesNothing() {
        try (PointerScope _ = new PointerScope()) {
            Tensor weights = vector(new double[] {1, 2});
            AdamW optimiser = new AdamW(vector(new double[2]), vector(new double[2]), 2, 0.1, 1);
            assertThat(optimiser.update(weights, vector(new double[] {Double.NaN, 1}), 1, 0.1))
                    .isNaN();
            assertThat(Torch.floats(weights)).containsExactly(1, 2);
            assertThat(Torch.floats(optimiser.mean())).containsExactly(0, 0);
        }
    }

    private static Tensor vector(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return Torch.tensor(floats, new long[] {floats.length}, ScalarType.Float);
    }
}
