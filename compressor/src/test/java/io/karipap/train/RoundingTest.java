package io.karipap.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.karipap.kernels.Quantizer;
import io.karipap.kernels.WeightType;
import java.util.Random;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Weights are rounded in training as they are when they are stored. */
class RoundingTest {
    @ParameterizedTest
    @CsvSource({"Q8, 64", "Q8, 37", "Q8, 1", "Q4, 64", "Q4, 45", "Q4, 1"})
    void codesAreThoseOfTheQuantizer(WeightType type, int columns) {
        Random random = new Random(columns);
        int rows = 20;
        float[] weights = new float[rows * columns];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = i < 2 * columns ? 0 : (float) (random.nextGaussian() * Math.exp(random.nextGaussian()));
        }
        float[] expected = new float[weights.length];
        float[] row = new float[columns];
        byte[] codes = new byte[columns];
        short[] scales = new short[WeightType.groups(columns)];
        for (int n = 0; n < rows; n++) {
            System.arraycopy(weights, n * columns, row, 0, columns);
            Quantizer.quantize(type, row, columns, codes, scales);
            for (int k = 0; k < columns; k++) {
                expected[n * columns + k] = codes[k] * Float.float16ToFloat(scales[k / WeightType.GROUP]);
            }
        }
        try (PointerScope _ = new PointerScope()) {
            assertThat(Torch.floats(Rounding.rounded(
                            Torch.tensor(weights, new long[] {rows, columns}, ScalarType.Float), type)))
                    .containsExactly(expected);
        }
    }
}
