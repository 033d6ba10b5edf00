package io.karipap.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.karipap.compress.RankAllocation.Candidate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RankAllocationTest {
    /** Truncation errors of a spectrum that falls like e^−(k / scale). */
    private static Candidate candidate(int out, int in, double scale) {
        int full = Math.min(out, in);
        double[] discarded = new double[full + 1];
        double total = 0;
        for (int k = full - 1; k >= 0; k--) {
            total += Math.exp(-k / scale);
            discarded[k] = total;
        }
        for (int k = 0; k < full; k++) {
            discarded[k] /= total;
        }
        return new Candidate(out, in, discarded);
    }

    private static long parameters(List<Candidate> candidates, int[] ranks) {
        return IntStream.range(0, ranks.length)
                .mapToLong(i -> candidates.get(i).parameters(ranks[i]))
                .sum();
    }

    private static double error(List<Candidate> candidates, int[] ranks) {
        return IntStream.range(0, ranks.length)
                .mapToDouble(i -> candidates.get(i).discarded()[ranks[i]])
                .sum();
    }

    @Test
    void theBudgetIsMetAndNothingIsWasted() {
        List<Candidate> candidates = new ArrayList<>();
        for (int i = 1; i <= 20; i++) {
            candidates.add(candidate(100 + 10 * i, 150, 3 * i));
        }
        long dense =
                candidates.stream().mapToLong(c -> c.parameters(c.fullRank())).sum();
        double last = Double.MAX_VALUE;
        for (double ratio : new double[] {0.05, 0.1, 0.3, 0.5, 0.7, 0.9, 1}) {
            long budget = (long) (ratio * dense);
            int[] ranks = RankAllocation.allocate(candidates, budget);
            assertThat(parameters(candidates, ranks))
                    .isLessThanOrEqualTo(budget)
                    .isGreaterThan((long) (budget * 0.99));
            assertThat(error(candidates, ranks)).isLessThan(last);
            last = error(candidates, ranks);
        }
        assertThat(last).isZero();
    }

    @Test
    void itIsNoWorseThanEveryExhaustiveChoice() {
        List<Candidate> candidates = List.of(candidate(8, 9, 1), candidate(10, 6, 3), candidate(7, 7, 9));
        for (long budget = 60; budget < 180; budget += 7) {
            double best = Double.MAX_VALUE;
            for (int a = 1; a <= 8; a++) {
                for (int b = 1; b <= 6; b++) {
                    for (int c = 1; c <= 7; c++) {
                        int[] ranks = {a, b, c};
                        if (parameters(candidates, ranks) <= budget) {
                            best = Math.min(best, error(candidates, ranks));
                        }
                    }
                }
            }
            int[] ranks = RankAllocation.allocate(candidates, budget);
            // a Lagrange multiplier reaches the convex hull of the choices, not every point above it
            assertThat(error(candidates, ranks)).isLessThan(best + 0.25);
        }
    }

    @Test
    void anImpossibleBudgetIsRefused() {
        assertThatThrownBy(() -> RankAllocation.allocate(List.of(candidate(10, 10, 1)), 19))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("20")
                .hasMessageContaining("19");
    }
}
