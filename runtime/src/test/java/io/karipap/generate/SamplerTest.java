package io.karipap.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.karipap.kernels.KernelChoice;
import io.karipap.kernels.scalar.ScalarKernels;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SamplerTest {
    private static final int DRAWS = 200_000;

    /** Frequencies of drawn tokens against the distribution computed plainly. */
    @ParameterizedTest
    @CsvSource({"1,0,1,0", "0.7,0,1,0", "2,5,1,0", "1,0,0.6,0", "1,0,1,0.2", "1.3,6,0.8,0.1", "1,1,1,0", "1,0,0,0"})
    void drawsFollowTheDistribution(double temperature, int topK, double topP, double minP) {
        float[] logits = new float[12];
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < logits.length; i++) {
            logits[i] = (float) random.nextGaussian();
        }
        double[] expected = distribution(logits, temperature, topK, topP, minP);
        Sampler sampler = new Sampler(
                SamplingOptions.builder()
                        .temperature(temperature)
                        .topK(topK)
                        .topP(topP)
                        .minP(minP)
                        .seed(9)
                        .build(),
                KernelChoice.of(new ScalarKernels()));
        double[] seen = new double[logits.length];
        for (int i = 0; i < DRAWS; i++) {
            seen[sampler.sample(logits, 0, logits.length)] += 1.0 / DRAWS;
        }
        for (int i = 0; i < seen.length; i++) {
            assertThat(seen[i]).as("token %d", i).isCloseTo(expected[i], Offset.offset(0.006));
            assertThat(seen[i] == 0).isEqualTo(expected[i] == 0);
        }
    }

    private static double[] distribution(float[] logits, double temperature, int topK, double topP, double minP) {
        List<Integer> order = new ArrayList<>();
        double[] weight = new double[logits.length];
        for (int i = 0; i < logits.length; i++) {
            order.add(i);
            weight[i] = Math.exp(logits[i] / temperature);
        }
        order.sort((a, b) -> Double.compare(weight[b], weight[a]));
        List<Integer> kept = order.subList(0, topK == 0 ? order.size() : topK);
        double total = kept.stream().mapToDouble(i -> weight[i]).sum();
        List<Integer> nucleus = new ArrayList<>();
        double sum = 0;
        for (int token : kept) {
            if (nucleus.isEmpty() || topP >= 1 || sum < topP * total) {
                nucleus.add(token);
                sum += weight[token];
            }
        }
        double[] result = new double[logits.length];
        double limit = minP * weight[order.getFirst()];
        double left = nucleus.stream()
                .mapToDouble(i -> weight[i])
                .filter(w -> w >= limit)
                .sum();
        nucleus.stream().filter(i -> weight[i] >= limit).forEach(i -> result[i] = weight[i] / left);
        return result;
    }

    @Test
    void greedyTakesTheFirstOfEqualOnes() {
        assertThat(new Sampler(SamplingOptions.greedy(), KernelChoice.of(new ScalarKernels()))
                        .sample(new float[] {9, 1, 3, 3, 2}, 1, 4))
                .isEqualTo(1);
    }

    @Test
    void rangesAreChecked() {
        assertThatThrownBy(() -> SamplingOptions.builder().temperature(-1).build())
                .hasMessageContaining("temperature");
        assertThatThrownBy(() -> SamplingOptions.builder().topK(-1).build()).hasMessageContaining("topK");
        assertThatThrownBy(() -> SamplingOptions.builder().topP(1.1).build()).hasMessageContaining("topP");
        assertThatThrownBy(() -> SamplingOptions.builder().minP(Double.NaN).build())
                .hasMessageContaining("minP");
    }

    @Test
    void stopStringsAreFoundAcrossPieces() {
        StopMatcher matcher = new StopMatcher(List.of("END", "xyz"), false);
        assertThat(matcher.append("abE")).isEqualTo("ab");
        assertThat(matcher.append("N")).isEmpty();
        assertThat(matcher.append("ex")).isEqualTo("ENe");
        assertThat(matcher.append("yEN")).isEqualTo("xy");
        assertThat(matcher.stopped()).isFalse();
        assertThat(matcher.append("D more")).isEmpty();
        assertThat(matcher.stopped()).isTrue();
        assertThat(matcher.finish()).isEmpty();
    }
}
