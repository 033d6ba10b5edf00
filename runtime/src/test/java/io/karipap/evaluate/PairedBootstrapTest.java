package io.karipap.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PairedBootstrapTest {
    private static Scores scores(double shift, double noise, long seed) {
        SplittableRandom items = new SplittableRandom(3);
        SplittableRandom own = new SplittableRandom(seed);
        double[] values = new double[400];
        for (int i = 0; i < values.length; i++) {
            values[i] = 5 * items.nextGaussian() + shift + noise * own.nextGaussian();
        }
        return Scores.of("task", "nats", false, values);
    }

    /** Items differ far more than models do; pairs show it all the same. The interval is that of the normal distribution. */
    @Test
    void aSmallDifferenceIsSeenInPairs() {
        PairedBootstrap compared = PairedBootstrap.compare(scores(0, 0.1, 1), scores(0.05, 0.1, 2));
        double standardError = 0.1 * Math.sqrt(2.0 / 400);
        assertThat(compared.significant()).isTrue();
        assertThat(compared.difference()).isBetween(0.05 - 3 * standardError, 0.05 + 3 * standardError);
        assertThat(compared.high() - compared.low()).isBetween(3.4 * standardError, 4.5 * standardError);
    }

    @Test
    void noDifferenceIsSeenWhereThereIsNone() {
        int significant = 0;
        for (int i = 0; i < 40; i++) {
            significant += PairedBootstrap.compare(scores(0, 0.1, 2 * i), scores(0, 0.1, 2 * i + 1))
                            .significant()
                    ? 1
                    : 0;
        }
        assertThat(significant).isLessThanOrEqualTo(6);
    }

    @Test
    void weightsCount() {
        Scores first = new Scores("t", "nats/token", false, new double[] {10, 1}, new double[] {10, 1});
        Scores second = new Scores("t", "nats/token", false, new double[] {20, 1}, new double[] {10, 1});
        assertThat(first.mean()).isEqualTo(1);
        assertThat(PairedBootstrap.compare(first, second).difference()).isEqualTo(21.0 / 11 - 1);
        assertThatThrownBy(() -> PairedBootstrap.compare(first, scores(0, 1, 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("400 items");
    }
}
