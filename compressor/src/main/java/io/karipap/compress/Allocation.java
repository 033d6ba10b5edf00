package io.karipap.compress;

import io.karipap.compress.Choice.AllOf;
import io.karipap.compress.Choice.Family;
import io.karipap.compress.Choice.OneOf;
import io.karipap.compress.Choice.Option;
import java.util.ArrayList;
import java.util.List;

/**
 * Chooses from a tree of alternatives what loses least within a budget: with a price on every parameter or byte (a Lagrange multiplier)
 * each part decides for itself; bisection finds the price at which all together fit, and what is left buys the best single steps.
 */
final class Allocation {
    private static final int BISECTIONS = 80;

    private final boolean inBytes;

    private Allocation(boolean inBytes) {
        this.inBytes = inBytes;
    }

    /** An option with the family that it was chosen from. */
    private record Chosen(Family family, int position) {
        Option option() {
            return family.options().get(position);
        }
    }

    private record Best(double value, List<Chosen> chosen) {}

    /**
     * @param budget parameters or bytes
     * @param inBytes which of them
     * @throws IllegalArgumentException if not even the smallest options fit
     */
    static List<Option> allocate(Choice choice, long budget, boolean inBytes) {
        return new Allocation(inBytes).allocate(choice, budget);
    }

    private List<Option> allocate(Choice choice, long budget) {
        double low = 1e-18;
        double high = 1;
        List<Chosen> chosen = best(choice, high).chosen();
        while (cost(chosen) > budget && high < 1e12) {
            high *= 1e3;
            chosen = best(choice, high).chosen();
        }
        if (cost(chosen) > budget) {
            throw new IllegalArgumentException("the operators need at least " + cost(chosen)
                    + (inBytes ? " bytes" : " parameters") + ", but the budget leaves " + Math.max(0, budget)
                    + " for them");
        }
        List<Chosen> generous = best(choice, low).chosen();
        if (cost(generous) <= budget) {
            return options(generous);
        }
        for (int i = 0; i < BISECTIONS; i++) {
            double price = Math.sqrt(low * high);
            List<Chosen> at = best(choice, price).chosen();
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
        return chosen.stream().mapToLong(c -> c.option().cost(inBytes)).sum();
    }

    private Best best(Choice choice, double price) {
        return switch (choice) {
            case Family family -> {
                int best = 0;
                double bestValue = Double.POSITIVE_INFINITY;
                for (int i = 0; i < family.options().size(); i++) {
                    Option option = family.options().get(i);
                    double value = option.loss() + price * option.cost(inBytes);
                    if (value < bestValue) {
                        bestValue = value;
                        best = i;
                    }
                }
                yield new Best(bestValue, List.of(new Chosen(family, best)));
            }
            case OneOf one -> {
                Best best = null;
                for (Choice alternative : one.alternatives()) {
                    Best candidate = best(alternative, price);
                    if (best == null || candidate.value() < best.value()) {
                        best = candidate;
                    }
                }
                yield best;
            }
            case AllOf all -> {
                double value = 0;
                List<Chosen> chosen = new ArrayList<>();
                for (Choice part : all.parts()) {
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
                    long cost =
                            options.get(next).cost(inBytes) - current.option().cost(inBytes);
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
            left -= next.option().cost(inBytes) - current.option().cost(inBytes);
            chosen.set(best, next);
        }
    }
}
