package io.karipap.environment;

import io.karipap.linalg.LinearAlgebra;
import io.karipap.linalg.Matrix;
import io.karipap.operator.LowRank;
import io.karipap.operator.Metric;
import io.karipap.operator.Operator;

/**
 * What is computed of every operator once and then kept on disk: its low rank and its energy. All ansätze start from there.
 *
 * @param files where it is kept, and where an ansatz may keep curves of its own
 * @param algebra what computes
 */
public record Factors(WorkFiles files, LinearAlgebra algebra) {
    /** The best low rank in the metric of the operator's input; rows count by their weights too. */
    public LowRank lowRank(Operator operator) {
        return files.lowRank(
                operator.fileName("low-rank"),
                operator.rows(),
                operator.columns(),
                () -> weighted(operator, operator.metric()));
    }

    private LowRank weighted(Operator operator, Metric metric) {
        Matrix w = operator.weights();
        if (operator.rowWeights().isEmpty()) {
            return LowRank.of(w, metric, algebra);
        }
        double[] weights = operator.rowWeights().get();
        double[] roots = new double[w.rows()];
        double[] inverse = new double[w.rows()];
        for (int row = 0; row < roots.length; row++) {
            roots[row] = Math.sqrt(weights[row]);
            inverse[row] = 1 / roots[row];
        }
        LowRank scaled = LowRank.of(w.scaleRows(roots), metric, algebra);
        return new LowRank(scaled.left().scaleRows(inverse), scaled.right(), scaled.energies());
    }

    /** tr(W C Wᵀ). */
    public double energy(Operator operator) {
        return files.number(operator.fileName("energy"), () -> operator.metric().energy(operator.weights(), algebra));
    }
}
