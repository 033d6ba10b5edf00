package io.karipap.profile;

import io.karipap.ansatz.Digits;
import io.karipap.ansatz.MatrixProduct;
import io.karipap.environment.MeasuredOperator;
import io.karipap.linalg.LinearAlgebra;
import io.karipap.operator.LowRank;
import io.karipap.operator.Metric;

/**
 * The spectrum of a cut through an operator.
 *
 * @param operator name of its weight matrix
 * @param layer block
 * @param cut between which legs
 * @param probabilities {@code p = σ²/Σσ²}, largest first
 */
@SuppressWarnings("ArrayRecordComponent")
public record CutProfile(String operator, int layer, Cut cut, double[] probabilities) {
    /** Where an operator is cut. */
    public enum Cut {
        /** Out-leg from in-leg, every input alike. */
        PLAIN,
        /** Out-leg from in-leg, inputs as they occur in text: what low rank drops. */
        WHITENED,
        /** The first half of the digits of both legs from the second: the bond of a chain of two sites. */
        CHAIN
    }

    /** All cuts of an operator. */
    public static CutProfile of(MeasuredOperator operator, Cut cut, LinearAlgebra algebra) {
        double[] energies =
                switch (cut) {
                    case PLAIN ->
                        LowRank.of(
                                        operator.weights(),
                                        Metric.flat(operator.weights().columns()),
                                        algebra)
                                .energies();
                    case WHITENED ->
                        LowRank.of(operator.weights(), operator.metric(), algebra)
                                .energies();
                    case CHAIN ->
                        MatrixProduct.bondEnergies(
                                operator.weights(),
                                operator.metric(),
                                Digits.of(operator.weights().rows(), 2),
                                Digits.of(operator.weights().columns(), 2),
                                algebra);
                };
        double total = 0;
        for (double energy : energies) {
            total += energy;
        }
        double[] probabilities = energies.clone();
        for (int i = 0; i < probabilities.length; i++) {
            probabilities[i] /= total;
        }
        return new CutProfile(operator.name(), operator.layer(), cut, probabilities);
    }

    /** Entanglement entropy −Σ p ln p, in nats. */
    public double entropy() {
        double sum = 0;
        for (double p : probabilities) {
            sum -= p > 0 ? p * Math.log(p) : 0;
        }
        return sum;
    }

    /** Entropy over the largest that there can be, ln of the number of values: 0 is a product, 1 has no room. */
    public double relativeEntropy() {
        return probabilities.length == 1 ? 0 : entropy() / Math.log(probabilities.length);
    }

    /** Bond dimension that keeps {@code share} of the weight. */
    public int bondFor(double share) {
        double kept = 0;
        for (int i = 0; i < probabilities.length; i++) {
            kept += probabilities[i];
            if (kept >= share) {
                return i + 1;
            }
        }
        return probabilities.length;
    }
}
