package io.karipap.linalg;

/** The operations that everything else is made of. Implementations may be used by one thread at a time. */
public interface LinearAlgebra {
    /** op(a) · op(b), op being transposition where asked. */
    Matrix multiply(Matrix a, boolean transposeA, Matrix b, boolean transposeB);

    default Matrix multiply(Matrix a, Matrix b) {
        return multiply(a, false, b, false);
    }

    /** The eigenvalues of a symmetric matrix, largest first, and their eigenvectors as columns. */
    Eigen symmetricEigen(Matrix a);

    /** The singular value decomposition [m, k], [k], [k, n] with k = min(m, n), largest first. */
    Svd svd(Matrix a);

    /**
     * The lower triangle L with L Lᵀ = a.
     *
     * @throws NotPositiveDefiniteException if there is none
     */
    Matrix cholesky(Matrix a);

    /** Solves L x = b, or Lᵀ x = b, for the lower triangle L. */
    Matrix solveLower(Matrix l, boolean transpose, Matrix b);

    /** An orthonormal basis [m, min(m, n)] of the columns of a. */
    Matrix orthonormal(Matrix a);

    /**
     * Solves a x = b for a symmetric positive definite matrix a.
     *
     * @throws NotPositiveDefiniteException if it is not
     */
    default Matrix solvePositive(Matrix a, Matrix b) {
        Matrix l = cholesky(a);
        return solveLower(l, true, solveLower(l, false, b));
    }

    /**
     * @param values largest first
     * @param vectors as columns
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Eigen(double[] values, Matrix vectors) {}

    /**
     * @param u left singular vectors as columns
     * @param values largest first
     * @param vt right singular vectors as rows
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Svd(Matrix u, double[] values, Matrix vt) {}

    /** A matrix that should be positive definite is not. */
    final class NotPositiveDefiniteException extends RuntimeException {
        private static final long serialVersionUID = 1;

        public NotPositiveDefiniteException(int size) {
            super("a matrix of " + size + "×" + size + " is not positive definite");
        }
    }
}
