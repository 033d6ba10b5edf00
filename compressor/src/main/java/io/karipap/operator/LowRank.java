package io.karipap.operator;

import io.karipap.linalg.LinearAlgebra;
import io.karipap.linalg.Matrix;
import io.karipap.network.TensorNetwork;
import io.karipap.trg.Truncation;
import java.util.Map;

/**
 * The best factorisations of an operator by rank, in the metric of its inputs: minimises {@code ‖(W − A B) C^½‖²} over
 * {@code A [m, r], B [r, n]} for every r at once.
 *
 * <pre>
 *   o ── A ── r ── B ── i
 * </pre>
 *
 * <p>The minimiser keeps the r leading left singular vectors U of {@code W C^½}. With m ≤ n they are eigenvectors of
 * {@code W C Wᵀ} and {@code A = U, B = Uᵀ W}: no whitening matrix is needed, and r = m is exact whatever C. With m &gt; n the right
 * singular vectors V of {@code W L}, {@code C = L Lᵀ}, come from the smaller Gram matrix, and {@code A = W L V, B = Vᵀ L⁻¹}.
 *
 * @param left [m, k], k = min(m, n): leading columns are A
 * @param right [k, n]: leading rows are B
 * @param energies of the k terms, largest first: what is lost by dropping one
 */
@SuppressWarnings("ArrayRecordComponent")
public record LowRank(Matrix left, Matrix right, double[] energies) {
    /**
     * @param w operator [m, n]
     */
    public static LowRank of(Matrix w, Metric metric, LinearAlgebra algebra) {
        return w.rows() <= w.columns() ? fromOutputs(w, metric, algebra) : fromInputs(w, metric, algebra);
    }

    private static LowRank fromOutputs(Matrix w, Metric metric, LinearAlgebra algebra) {
        Matrix gram = algebra.multiply(algebra.multiply(w, metric.moment()), false, w, true);
        LinearAlgebra.Eigen eigen = algebra.symmetricEigen(gram);
        return new LowRank(
                eigen.vectors(), algebra.multiply(eigen.vectors(), true, w, false), notNegative(eigen.values()));
    }

    private static LowRank fromInputs(Matrix w, Metric metric, LinearAlgebra algebra) {
        Matrix l = metric.factor(algebra);
        Matrix wl = algebra.multiply(w, l);
        LinearAlgebra.Eigen eigen = algebra.symmetricEigen(algebra.multiply(wl, true, wl, false));
        return new LowRank(
                algebra.multiply(wl, eigen.vectors()),
                algebra.solveLower(l, true, eigen.vectors()).transposed(),
                notNegative(eigen.values()));
    }

    private static double[] notNegative(double[] values) {
        double[] clipped = values.clone();
        for (int i = 0; i < clipped.length; i++) {
            clipped[i] = Math.max(0, clipped[i]);
        }
        return clipped;
    }

    /** min(m, n). */
    public int fullRank() {
        return energies.length;
    }

    /** The relative error by rank, [k + 1]: the truncation error. */
    public double[] errors() {
        return Truncation.errors(energies);
    }

    /** The two sites with a bond of dimension {@code rank}. */
    public OperatorNetwork network(String operator, int rank) {
        TensorNetwork network = TensorNetwork.lowRank(operator, left.rows(), right.columns(), rank);
        return new OperatorNetwork(
                network,
                Map.of(
                        network.sites().get(0).tensor(), left.columns(0, rank).data(),
                        network.sites().get(1).tensor(), right.rows(0, rank).data()));
    }
}
