package io.karipap.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.karipap.ansatz.Form;
import io.karipap.ansatz.PredictedLoss;
import io.karipap.budget.Alternatives.AllOf;
import io.karipap.budget.Alternatives.Family;
import io.karipap.budget.Alternatives.OneOf;
import io.karipap.code.StoredAs;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AllocationTest {
    private static Option option(String label, long parameters, double loss) {
        Form form = new Form.Networks(List.of(), label, List.of(), PredictedLoss.NONE, List::of);
        return new Option(form, new StoredAs.SourceType(), parameters, 2 * parameters, loss);
    }

    /** Low ranks, and dense, of an operator whose spectrum falls like e^−(k / scale). */
    private static Family family(int out, int in, double scale) {
        int full = Math.min(out, in);
        double[] discarded = new double[full + 1];
        double total = 0;
        for (int k = full - 1; k >= 0; k--) {
            total += Math.exp(-k / scale);
            discarded[k] = total;
        }
        List<Option> options = new ArrayList<>();
        for (int rank = 1; rank < full && rank * (out + in) < out * in; rank++) {
            options.add(option("rank " + rank, (long) rank * (out + in), discarded[rank] / total));
        }
        options.add(option("dense", (long) out * in, 0));
        return new Family(options);
    }

    private static long parameters(List<Option> options) {
        return options.stream().mapToLong(Option::parameters).sum();
    }

    private static double loss(List<Option> options) {
        return options.stream().mapToDouble(Option::loss).sum();
    }

    @Test
    void theBudgetIsMetAndNothingIsWasted() {
        List<Family> families = new ArrayList<>();
        long dense = 0;
        for (int i = 1; i <= 20; i++) {
            families.add(family(100 + 10 * i, 150, 3 * i));
            dense += (100 + 10 * i) * 150L;
        }
        double last = Double.MAX_VALUE;
        for (double ratio : new double[] {0.05, 0.1, 0.3, 0.5, 0.7, 0.9, 1}) {
            long budget = (long) (ratio * dense);
            List<Option> chosen = Allocation.allocate(new AllOf(families), budget, CostUnit.PARAMETERS);
            assertThat(parameters(chosen)).isLessThanOrEqualTo(budget).isGreaterThan((long) (budget * 0.99));
            assertThat(loss(chosen)).isLessThan(last);
            last = loss(chosen);
        }
        assertThat(last).isZero();
    }

    @Test
    void itIsNoWorseThanEveryExhaustiveChoice() {
        List<Family> families = List.of(family(8, 9, 1), family(10, 6, 3), family(7, 7, 9));
        for (long budget = 60; budget < 180; budget += 7) {
            double best = Double.MAX_VALUE;
            for (Option a : families.get(0).options()) {
                for (Option b : families.get(1).options()) {
                    for (Option c : families.get(2).options()) {
                        if (parameters(List.of(a, b, c)) <= budget) {
                            best = Math.min(best, loss(List.of(a, b, c)));
                        }
                    }
                }
            }
            // a Lagrange multiplier reaches the convex hull of the choices, not every point above it
            assertThat(loss(Allocation.allocate(new AllOf(families), budget, CostUnit.PARAMETERS)))
                    .isLessThan(best + 0.25);
        }
    }

    @Test
    void anImpossibleBudgetIsRefused() {
        assertThatThrownBy(() -> Allocation.allocate(family(10, 10, 1), 19, CostUnit.PARAMETERS))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("20 parameters")
                .hasMessageContaining("19");
        assertThatThrownBy(() -> Allocation.allocate(family(10, 10, 1), 39, CostUnit.BYTES))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("40 bytes");
    }

    @Test
    void alternativesAreTakenWhereTheyPay() {
        Alternatives apart = new AllOf(List.of(family(20, 20, 4), family(20, 20, 4)));
        Alternatives shared = new Family(List.of(option("shared", 100, 0.001)));
        List<Option> chosen = Allocation.allocate(new OneOf(List.of(apart, shared)), 120, CostUnit.PARAMETERS);
        assertThat(chosen).singleElement().extracting(Option::label).isEqualTo("shared");
        assertThat(Allocation.allocate(new OneOf(List.of(apart, shared)), 800, CostUnit.PARAMETERS))
                .extracting(Option::label)
                .containsExactly("dense", "dense");
    }
}
