package io.karipap.budget;

import io.karipap.budget.Alternatives.AllOf;
import io.karipap.budget.Alternatives.Family;
import io.karipap.budget.Alternatives.OneOf;
import java.util.ArrayList;
import java.util.List;

/**
 * Chooses from a tree of alternatives what loses least within a budget: with a price on every parameter or byte (a Lagrange multiplier)
 * each part decides for itself; bisection finds the price at which all together fit, and what is left buys the best single steps.
 */
final class Allocation {
    private static final int BISECTIONS = 80;

    private final CostUnit unit;

    private Allocation(CostUnit unit) {
        this.unit = unit;
    }

    /** An option with the family that it was chosen from. */
    private record Chosen(Family family, int position) {
        Option option() {
            return family.options().get(position);
        }
    }

    private record Best(double value, List<Chosen> chosen) {}

    /**
     * @param budget what all may cost together
     * @param unit what is counted
     * @throws IllegalArgumentException if not even the smallest options fit
     */
    static List<Option> allocate(Alternatives tree, long budget, CostUnit unit) {
        return new Allocation(unit).allocate(tree, budget);
    }

    private List<Option> allocate(Alternatives tree, long budget) {
        double low = 1e-18;
        double high = 1;
        List<Chosen> chosen = best(tree, high).chosen();
        while (cost(chosen) > budget && high < 1e12) {
            high *= 1e3;
            chosen = best(tree, high).chosen();
        }
        if (cost(chosen) > budget) {
            throw new IllegalArgumentException("the operators need at least " + cost(chosen)
                    + " " + unit.label() + ", but the budget leaves " + Math.max(0, budget)
                    + " for them");
        }
        List<Chosen> generous = best(tree, low).chosen();
        if (cost(generous) <= budget) {
            return options(generous);
        }
        for (int i = 0; i < BISECTIONS; i++) {
            double price = Math.sqrt(low * high);
            List<Chosen> at = best(tree, price).chosen();
            if (cost(at) > budget) {
                low = price;
            } else {
                high = price;
                chosen = at;
            }
        }
        List<Chosen> filled = new ArrayList<>(chosen);
        fill(filled, budget - cost(filled));
        return options(filled);
    }

    private static List<Option> options(List<Chosen> chosen) {
        return chosen.stream().map(Chosen::option).toList();
    }

    private long cost(List<Chosen> chosen) {
        return chosen.stream().mapToLong(c -> unit.of(c.option())).sum();
    }

    private Best best(Alternatives tree, double price) {
        return switch (tree) {
            case Family family -> {
                int best = 0;
                double bestValue = Double.POSITIVE_INFINITY;
                for (int i = 0; i < family.options().size(); i++) {
                    Option option = family.options().get(i);
                    double value = option.loss() + price * unit.of(option);
                    if (value < bestValue) {
                        bestValue = value;
                        best = i;
                    }
                }
                yield new Best(bestValue, List.of(new Chosen(family, best)));
            }
            case OneOf one -> {
                Best best = null;
                for (Alternatives way : one.ways()) {
                    Best candidate = best(way, price);
                    if (best == null || candidate.value() < best.value()) {
                        best = candidate;
                    }
                }
                yield best;
            }
            case AllOf all -> {
                double value = 0;
                List<Chosen> chosen = new ArrayList<>();
                for (Alternatives part : all.parts()) {
                    Best candidate = best(part, price);
                    value += candidate.value();
                    chosen.addAll(candidate.chosen());
                }
                yield new Best(value, chosen);
            }
        };
    }

    /** Buys with what is left, again and again, the step within a family that gains most for its cost. */
    private void fill(List<Chosen> chosen, long budget) {
        long left = budget;
        while (true) {
            int best = -1;
            int bestPosition = 0;
            double bestGain = 0;
            for (int i = 0; i < chosen.size(); i++) {
                Chosen current = chosen.get(i);
                List<Option> options = current.family().options();
                for (int next = 0; next < options.size(); next++) {
                    long cost = unit.of(options.get(next)) - unit.of(current.option());
                    double gain = current.option().loss() - options.get(next).loss();
                    if (cost > 0 && cost <= left && gain / cost > bestGain) {
                        best = i;
                        bestPosition = next;
                        bestGain = gain / cost;
                    }
                }
            }
            if (best < 0) {
                return;
            }
            Chosen current = chosen.get(best);
            Chosen next = new Chosen(current.family(), bestPosition);
            left -= unit.of(next.option()) - unit.of(current.option());
            chosen.set(best, next);
        }
    }
}
