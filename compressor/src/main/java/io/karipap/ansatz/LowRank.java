package io.karipap.compress;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.CholeskyDecomposition_F64;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;

/**
 * The best factorisations of an operator by rank, in the metric of its inputs: minimises {@code ‖(W − A B) C^½‖²} over
 * {@code A [m, r], B [r, n]} for every r at once.
 *
 * <p>The minimiser keeps the r leading left singular vectors U of {@code W C^½}. With m ≤ n they are eigenvectors of
 * {@code W C Wᵀ} and {@code A = U, B = Uᵀ W}: no whitening matrix is needed, and r = m is exact whatever C. With m &gt; n the right
 * singular vectors V of {@code W L}, {@code C = L Lᵀ}, come from the smaller Gram matrix, and {@code A = W L V, B = Vᵀ L⁻¹}.
 */
final class WhitenedLowRank {
    /** Added to the diagonal of C, as a share of its mean: keeps directions that the text never used from being dropped blindly. */
    private static final double RIDGE = 1e-6;

    private final DMatrixRMaj left;
    private final DMatrixRMaj right;
    private final double[] energies;

    private WhitenedLowRank(DMatrixRMaj left, DMatrixRMaj right, double[] energies) {
        this.left = left;
        this.right = right;
        this.energies = energies;
    }

    /**
     * @param w operator [m, n]
     * @param c second moment of its input [n, n]
     */
    static WhitenedLowRank of(DMatrixRMaj w, DMatrixRMaj c) {
        DMatrixRMaj moment = c.copy();
        double ridge = RIDGE * Math.max(CommonOps_DDRM.trace(c) / c.numRows, Double.MIN_NORMAL);
        for (int i = 0; i < moment.numRows; i++) {
            moment.add(i, i, ridge);
        }
        return w.numRows <= w.numCols ? fromOutputs(w, moment) : fromInputs(w, moment);
    }

    private static WhitenedLowRank fromOutputs(DMatrixRMaj w, DMatrixRMaj c) {
        DMatrixRMaj wc = new DMatrixRMaj(w.numRows, w.numCols);
        CommonOps_DDRM.mult(w, c, wc);
        DMatrixRMaj gram = new DMatrixRMaj(w.numRows, w.numRows);
        CommonOps_DDRM.multTransB(wc, w, gram);
        double[] energies = new double[w.numRows];
        DMatrixRMaj u = eigenvectors(gram, energies);
        DMatrixRMaj right = new DMatrixRMaj(w.numRows, w.numCols);
        CommonOps_DDRM.multTransA(u, w, right);
        return new WhitenedLowRank(u, right, energies);
    }

    private static WhitenedLowRank fromInputs(DMatrixRMaj w, DMatrixRMaj c) {
        CholeskyDecomposition_F64<DMatrixRMaj> cholesky = DecompositionFactory_DDRM.chol(c.numRows, true);
        if (!cholesky.decompose(c.copy())) {
            throw new IllegalStateException("the second moment is not positive definite");
        }
        DMatrixRMaj l = cholesky.getT(null);
        DMatrixRMaj wl = new DMatrixRMaj(w.numRows, w.numCols);
        CommonOps_DDRM.mult(w, l, wl);
        DMatrixRMaj gram = new DMatrixRMaj(w.numCols, w.numCols);
        CommonOps_DDRM.multTransA(wl, wl, gram);
        double[] energies = new double[w.numCols];
        DMatrixRMaj v = eigenvectors(gram, energies);
        DMatrixRMaj left = new DMatrixRMaj(w.numRows, w.numCols);
        CommonOps_DDRM.mult(wl, v, left);
        DMatrixRMaj inverse = l.copy();
        if (!CommonOps_DDRM.invert(inverse)) {
            throw new IllegalStateException("the Cholesky factor of the second moment is singular");
        }
        DMatrixRMaj right = new DMatrixRMaj(w.numCols, w.numCols);
        CommonOps_DDRM.multTransA(v, inverse, right);
        return new WhitenedLowRank(left, right, energies);
    }

    /** Eigenvectors of a symmetric matrix as columns, by falling eigenvalue; the eigenvalues, not below 0, go to {@code values}. */
    private static DMatrixRMaj eigenvectors(DMatrixRMaj symmetric, double[] values) {
        int size = symmetric.numRows;
        EigenDecomposition_F64<DMatrixRMaj> eigen = DecompositionFactory_DDRM.eig(size, true, true);
        if (!eigen.decompose(symmetric.copy())) {
            throw new IllegalStateException(
                    "the eigendecomposition of a " + size + "×" + size + " matrix did not converge");
        }
        Integer[] order = IntStream.range(0, size).boxed().toArray(Integer[]::new);
        Arrays.sort(
                order, Comparator.comparingDouble(i -> -eigen.getEigenvalue(i).getReal()));
        DMatrixRMaj vectors = new DMatrixRMaj(size, size);
        for (int column = 0; column < size; column++) {
            values[column] = Math.max(0, eigen.getEigenvalue(order[column]).getReal());
            DMatrixRMaj vector = eigen.getEigenVector(order[column]);
            for (int row = 0; row < size; row++) {
                vectors.set(row, column, vector.get(row));
            }
        }
        return vectors;
    }

    /** min(m, n). */
    int fullRank() {
        return energies.length;
    }

    /** Share of the energy that rank {@code rank} drops: the truncation error. */
    double discardedWeight(int rank) {
        double total = 0;
        double dropped = 0;
        for (int i = 0; i < energies.length; i++) {
            total += energies[i];
            dropped += i < rank ? 0 : energies[i];
        }
        return total == 0 ? 0 : dropped / total;
    }

    /** A [m, rank], row-major. */
    float[] leftSite(int rank) {
        float[] site = new float[left.numRows * rank];
        for (int row = 0; row < left.numRows; row++) {
            for (int column = 0; column < rank; column++) {
                site[row * rank + column] = (float) left.get(row, column);
            }
        }
        return site;
    }

    /** B [rank, n], row-major. */
    float[] rightSite(int rank) {
        float[] site = new float[rank * right.numCols];
        for (int i = 0; i < site.length; i++) {
            site[i] = (float) right.data[i];
        }
        return site;
    }
}
