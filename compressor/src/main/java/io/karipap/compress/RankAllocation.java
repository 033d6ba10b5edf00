package io.karipap.compress;

import java.util.List;

/**
 * Chooses the rank of every operator so that the sum of their truncation errors is least at a given number of parameters. For a price λ
 * of a parameter each operator minimises {@code error(r) + λ·parameters(r)} on its own; λ is found by bisection, and what is left of the
 * budget goes, step by step, where it lowers the error most.
 */
final class RankAllocation {
    /** As many halvings as a double has bits of exponent and mantissa that matter. */
    private static final int BISECTIONS = 100;

    private RankAllocation() {}

    /**
     * An operator to allocate to.
     *
     * @param out m
     * @param in n
     * @param discarded truncation error by rank, [min(m, n) + 1], falling to 0
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Candidate(int out, int in, double[] discarded) {
        int fullRank() {
            return discarded.length - 1;
        }

        /** Parameters at {@code rank}; full rank stands for the matrix as it is. */
        long parameters(int rank) {
            return rank == fullRank() ? (long) out * in : (long) rank * (out + in);
        }

        /** Largest rank that is smaller than the dense matrix. */
        int largestUsefulRank() {
            return (int) Math.min(fullRank() - 1, ((long) out * in - 1) / (out + in));
        }
    }

    /**
     * Ranks for a budget of {@code parameters}; the full rank means that the operator stays dense.
     *
     * @throws IllegalArgumentException if not even rank 1 everywhere fits
     */
    static int[] allocate(List<Candidate> candidates, long parameters) {
        long least = candidates.stream()
                .mapToLong(c -> Math.min(c.parameters(1), c.parameters(c.fullRank())))
                .sum();
        if (least > parameters) {
            throw new IllegalArgumentException("the operators need at least " + least
                    + " parameters, but the budget leaves " + parameters + " for them");
        }
        double low = 0;
        double high = 1;
        for (int i = 0; i < BISECTIONS; i++) {
            double price = Math.sqrt(Math.max(low, 1e-18) * high);
            if (total(candidates, choose(candidates, price)) > parameters) {
                low = price;
            } else {
                high = price;
            }
        }
        int[] ranks = choose(candidates, high);
        fill(candidates, ranks, parameters - total(candidates, ranks));
        return ranks;
    }

    private static int[] choose(List<Candidate> candidates, double price) {
        return candidates.stream().mapToInt(c -> best(c, price)).toArray();
    }

    private static int best(Candidate candidate, double price) {
        int best = candidate.fullRank();
        double bestCost = price * candidate.parameters(best);
        for (int rank = candidate.largestUsefulRank(); rank >= 1; rank--) {
            double cost = candidate.discarded()[rank] + price * candidate.parameters(rank);
            if (cost < bestCost) {
                bestCost = cost;
                best = rank;
            }
        }
        return best;
    }

    private static long total(List<Candidate> candidates, int[] ranks) {
        long total = 0;
        for (int i = 0; i < ranks.length; i++) {
            total += candidates.get(i).parameters(ranks[i]);
        }
        return total;
    }

    private static void fill(List<Candidate> candidates, int[] ranks, long budget) {
        long left = budget;
        while (true) {
            int best = -1;
            double bestGain = 0;
            for (int i = 0; i < ranks.length; i++) {
                Candidate c = candidates.get(i);
                long cost = next(c, ranks[i]) < 0
                        ? Long.MAX_VALUE
                        : c.parameters(next(c, ranks[i])) - c.parameters(ranks[i]);
                if (cost <= left) {
                    double gain = (c.discarded()[ranks[i]] - c.discarded()[next(c, ranks[i])]) / cost;
                    if (gain > bestGain) {
                        best = i;
                        bestGain = gain;
                    }
                }
            }
            if (best < 0) {
                return;
            }
            int rank = next(candidates.get(best), ranks[best]);
            left -= candidates.get(best).parameters(rank) - candidates.get(best).parameters(ranks[best]);
            ranks[best] = rank;
        }
    }

    /** The next larger choice after {@code rank}: one more, then dense; −1 after that. */
    private static int next(Candidate candidate, int rank) {
        if (rank == candidate.fullRank()) {
            return -1;
        }
        return rank < candidate.largestUsefulRank() ? rank + 1 : candidate.fullRank();
    }
}
