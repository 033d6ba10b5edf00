package io.karipap.trg;

/** How many singular values are kept. */
public final class Truncation {
    /** Singular values below this share of the largest are noise of the arithmetic. */
    private static final double NOISE = 1e-15;

    private Truncation() {}

    /**
     * At most {@code limit}, and none that is nothing but rounding.
     *
     * @param values singular values, largest first
     */
    public static int rank(double[] values, int limit) {
        int rank = Math.min(values.length, limit);
        while (rank > 1 && values[rank - 1] <= NOISE * values[0]) {
            rank--;
        }
        return rank;
    }

    /**
     * What is lost by keeping only so many terms.
     *
     * @param energies of the terms: squares of singular values
     * @return sum of all from number k on, by k, [count + 1]
     */
    public static double[] tails(double[] energies) {
        double[] tails = new double[energies.length + 1];
        for (int k = energies.length - 1; k >= 0; k--) {
            tails[k] = tails[k + 1] + energies[k];
        }
        return tails;
    }

    /** As {@link #tails}, over the sum of all: the truncation error by rank. */
    public static double[] errors(double[] energies) {
        double[] errors = tails(energies);
        double total = errors[0];
        for (int k = 0; k < errors.length; k++) {
            errors[k] = total == 0 ? 0 : errors[k] / total;
        }
        return errors;
    }

    /**
     * Sum of squares of the dropped singular values over the total.
     *
     * @param values singular values, largest first
     */
    public static double discardedWeight(double[] values, int kept) {
        double total = 0;
        double dropped = 0;
        for (int i = values.length - 1; i >= 0; i--) {
            total += values[i] * values[i];
            if (i >= kept) {
                dropped = total;
            }
        }
        return total == 0 ? 0 : dropped / total;
    }
}
