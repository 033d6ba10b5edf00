package io.karipap.operator;

import io.karipap.linalg.LinearAlgebra;
import io.karipap.linalg.Matrix;

/**
 * How errors of an operator are weighed: by what flows into it.
 *
 * @param moment C [n, n], positive definite
 */
public record Metric(Matrix moment) {
    /** Added to the diagonal of C, as a share of its mean: keeps directions that the text never used from being dropped blindly. */
    private static final double RIDGE = 1e-6;

    /**
     * @param measured second moment [n, n], perhaps singular
     */
    public static Metric of(Matrix measured) {
        double mean = Math.max(measured.trace() / measured.rows(), Double.MIN_NORMAL);
        return new Metric(measured.copy().addToDiagonal(RIDGE * mean));
    }

    /** All directions weigh the same. */
    public static Metric flat(int n) {
        return new Metric(Matrix.identity(n));
    }

    /**
     * L with C = L Lᵀ. A C of fewer tokens than features is singular but for the ridge, and rounding may make it indefinite: the ridge then
     * grows until it is not.
     */
    public Matrix factor(LinearAlgebra algebra) {
        return factor(moment, algebra);
    }

    /** As {@link #factor(LinearAlgebra)}, of any second moment. */
    public static Matrix factor(Matrix moment, LinearAlgebra algebra) {
        double mean = Math.max(moment.trace() / moment.rows(), Double.MIN_NORMAL);
        for (double ridge = 0; ; ridge = Math.max(RIDGE, 10 * ridge)) {
            try {
                return algebra.cholesky(ridge == 0 ? moment : moment.copy().addToDiagonal(ridge * mean));
            } catch (LinearAlgebra.NotPositiveDefiniteException e) {
                if (ridge > 0.01) {
                    throw e; // not a second moment
                }
            }
        }
    }

    /** tr(W C Wᵀ). */
    public double energy(Matrix w, LinearAlgebra algebra) {
        return algebra.multiply(w, moment).dot(w);
    }

    /** The relative error of an approximation. */
    public double error(Matrix w, Matrix approximation, LinearAlgebra algebra) {
        double energy = energy(w, algebra);
        return energy == 0 ? 0 : energy(w.minus(approximation), algebra) / energy;
    }
}
