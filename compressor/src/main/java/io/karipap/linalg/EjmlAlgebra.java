package io.karipap.linalg;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.CommonOps_MT_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.CholeskyDecomposition_F64;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;
import org.ejml.interfaces.decomposition.QRDecomposition;
import org.ejml.interfaces.decomposition.SingularValueDecomposition_F64;

/** EJML: plain Java, runs everywhere, some ten times slower than LibTorch. */
public final class EjmlAlgebra implements LinearAlgebra {
    private static DMatrixRMaj wrap(Matrix a) {
        return DMatrixRMaj.wrap(a.rows(), a.columns(), a.data());
    }

    private static Matrix unwrap(DMatrixRMaj a) {
        int elements = a.numRows * a.numCols;
        return new Matrix(a.numRows, a.numCols, a.data.length == elements ? a.data : Arrays.copyOf(a.data, elements));
    }

    @Override
    public Matrix multiply(Matrix a, boolean transposeA, Matrix b, boolean transposeB) {
        DMatrixRMaj product = new DMatrixRMaj(transposeA ? a.columns() : a.rows(), transposeB ? b.rows() : b.columns());
        if (transposeA && transposeB) {
            CommonOps_MT_DDRM.multTransAB(wrap(a), wrap(b), product);
        } else if (transposeA) {
            CommonOps_MT_DDRM.multTransA(wrap(a), wrap(b), product);
        } else if (transposeB) {
            CommonOps_MT_DDRM.multTransB(wrap(a), wrap(b), product);
        } else {
            CommonOps_MT_DDRM.mult(wrap(a), wrap(b), product);
        }
        return unwrap(product);
    }

    @Override
    public Eigen symmetricEigen(Matrix a) {
        int size = a.rows();
        EigenDecomposition_F64<DMatrixRMaj> eigen = DecompositionFactory_DDRM.eig(size, true, true);
        if (!eigen.decompose(wrap(a.copy()))) {
            throw new IllegalStateException(
                    "the eigendecomposition of a " + size + "×" + size + " matrix did not converge");
        }
        Integer[] order = IntStream.range(0, size).boxed().toArray(Integer[]::new);
        Arrays.sort(
                order, Comparator.comparingDouble(i -> -eigen.getEigenvalue(i).getReal()));
        Matrix vectors = Matrix.zeros(size, size);
        double[] values = new double[size];
        for (int column = 0; column < size; column++) {
            values[column] = eigen.getEigenvalue(order[column]).getReal();
            DMatrixRMaj vector = eigen.getEigenVector(order[column]);
            for (int row = 0; row < size; row++) {
                vectors.set(row, column, vector.get(row));
            }
        }
        return new Eigen(values, vectors);
    }

    @Override
    public Svd svd(Matrix a) {
        SingularValueDecomposition_F64<DMatrixRMaj> svd =
                DecompositionFactory_DDRM.svd(a.rows(), a.columns(), true, true, true);
        if (!svd.decompose(wrap(a.copy()))) {
            throw new IllegalStateException("the singular value decomposition of a " + a.rows() + "×" + a.columns()
                    + " matrix did not converge");
        }
        int k = Math.min(a.rows(), a.columns());
        double[] sigma = svd.getSingularValues();
        Matrix u = unwrap(svd.getU(null, false));
        Matrix vt = unwrap(svd.getV(null, true));
        Integer[] order = IntStream.range(0, k).boxed().toArray(Integer[]::new);
        Arrays.sort(order, Comparator.comparingDouble(i -> -sigma[i]));
        Matrix left = Matrix.zeros(a.rows(), k);
        Matrix right = Matrix.zeros(k, a.columns());
        double[] values = new double[k];
        for (int i = 0; i < k; i++) {
            values[i] = sigma[order[i]];
            for (int row = 0; row < a.rows(); row++) {
                left.set(row, i, u.get(row, order[i]));
            }
            System.arraycopy(vt.data(), order[i] * a.columns(), right.data(), i * a.columns(), a.columns());
        }
        return new Svd(left, values, right);
    }

    @Override
    public Matrix cholesky(Matrix a) {
        CholeskyDecomposition_F64<DMatrixRMaj> cholesky = DecompositionFactory_DDRM.chol(a.rows(), true);
        if (!cholesky.decompose(wrap(a.copy()))) {
            throw new NotPositiveDefiniteException(a.rows());
        }
        return unwrap(cholesky.getT(null));
    }

    @Override
    public Matrix solveLower(Matrix l, boolean transpose, Matrix b) {
        int n = l.rows();
        int width = b.columns();
        Matrix x = b.copy();
        for (int step = 0; step < n; step++) {
            int i = transpose ? n - 1 - step : step;
            double inverse = 1 / l.get(i, i);
            for (int c = 0; c < width; c++) {
                x.data()[i * width + c] *= inverse;
            }
            int from = transpose ? 0 : i + 1;
            int to = transpose ? i : n;
            for (int j = from; j < to; j++) {
                double factor = transpose ? l.get(i, j) : l.get(j, i);
                if (factor != 0) {
                    for (int c = 0; c < width; c++) {
                        x.data()[j * width + c] -= factor * x.data()[i * width + c];
                    }
                }
            }
        }
        return x;
    }

    @Override
    public Matrix orthonormal(Matrix a) {
        QRDecomposition<DMatrixRMaj> qr = DecompositionFactory_DDRM.qr(a.rows(), a.columns());
        if (!qr.decompose(wrap(a.copy()))) {
            throw new IllegalStateException(
                    "the QR decomposition of a " + a.rows() + "×" + a.columns() + " matrix failed");
        }
        DMatrixRMaj q = qr.getQ(null, true);
        int k = Math.min(a.rows(), a.columns());
        return q.numCols == k ? unwrap(q) : unwrap(CommonOps_DDRM.extract(q, 0, a.rows(), 0, k));
    }
}
