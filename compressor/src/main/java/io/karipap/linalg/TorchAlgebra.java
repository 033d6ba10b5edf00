package io.karipap.linalg;

import static org.bytedeco.pytorch.global.torch.from_blob;
import static org.bytedeco.pytorch.global.torch.linalg_cholesky_ex;
import static org.bytedeco.pytorch.global.torch.linalg_eigh;
import static org.bytedeco.pytorch.global.torch.linalg_qr;
import static org.bytedeco.pytorch.global.torch.linalg_solve_triangular;
import static org.bytedeco.pytorch.global.torch.linalg_svd;

import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.T_TensorTensorTensor_T;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** LibTorch through JavaCPP: BLAS and LAPACK on all cores. */
@SuppressWarnings("try") // a scope works by being open
public final class TorchAlgebra implements LinearAlgebra {
    /** Multiply-adds from which on several threads are worth their waking. */
    private static final double PARALLEL_WORK = 3e8;

    private int threads;

    /** {@link LibTorch} is loaded. */
    TorchAlgebra() {}

    /** Small matrices are done before a second thread is awake. */
    private void useThreadsFor(double work) {
        int wanted = work < PARALLEL_WORK ? 1 : Runtime.getRuntime().availableProcessors();
        if (wanted != threads) {
            torch.set_num_threads(wanted);
            threads = wanted;
        }
    }

    private static Tensor tensor(Matrix a) {
        return from_blob(
                new DoublePointer(a.data()), new long[] {a.rows(), a.columns()}, new TensorOptions(ScalarType.Double));
    }

    private static double cube(Matrix a) {
        return (double) a.rows() * a.columns() * Math.min(a.rows(), a.columns());
    }

    private static Matrix matrix(Tensor tensor) {
        Matrix matrix = Matrix.zeros((int) tensor.size(0), (int) tensor.size(1));
        tensor.contiguous().data_ptr_double().get(matrix.data());
        return matrix;
    }

    private static double[] vector(Tensor tensor) {
        double[] values = new double[(int) tensor.size(0)];
        tensor.contiguous().data_ptr_double().get(values);
        return values;
    }

    @Override
    public Matrix multiply(Matrix a, boolean transposeA, Matrix b, boolean transposeB) {
        useThreadsFor((double) a.rows() * a.columns() * (transposeB ? b.rows() : b.columns()));
        try (PointerScope scope = new PointerScope()) {
            Tensor left = transposeA ? tensor(a).t() : tensor(a);
            Tensor right = transposeB ? tensor(b).t() : tensor(b);
            return matrix(left.matmul(right));
        }
    }

    @Override
    public Eigen symmetricEigen(Matrix a) {
        useThreadsFor(cube(a));
        try (PointerScope scope = new PointerScope()) {
            T_TensorTensor_T eigen = linalg_eigh(tensor(a));
            return new Eigen(vector(torch.flip(eigen.get0(), 0)), matrix(torch.flip(eigen.get1(), 1)));
        }
    }

    @Override
    public Svd svd(Matrix a) {
        useThreadsFor(cube(a));
        try (PointerScope scope = new PointerScope()) {
            T_TensorTensorTensor_T svd = linalg_svd(tensor(a), false, null);
            return new Svd(matrix(svd.get0()), vector(svd.get1()), matrix(svd.get2()));
        }
    }

    @Override
    public Matrix cholesky(Matrix a) {
        useThreadsFor(cube(a));
        try (PointerScope scope = new PointerScope()) {
            T_TensorTensor_T factor = linalg_cholesky_ex(tensor(a));
            if (factor.get1().item_int() != 0) {
                throw new NotPositiveDefiniteException(a.rows());
            }
            return matrix(factor.get0());
        }
    }

    @Override
    public Matrix solveLower(Matrix l, boolean transpose, Matrix b) {
        useThreadsFor((double) l.rows() * l.rows() * b.columns());
        try (PointerScope scope = new PointerScope()) {
            Tensor triangle = transpose ? tensor(l).t() : tensor(l);
            return matrix(linalg_solve_triangular(triangle, tensor(b), transpose));
        }
    }

    @Override
    public Matrix orthonormal(Matrix a) {
        useThreadsFor(cube(a));
        try (PointerScope scope = new PointerScope()) {
            return matrix(linalg_qr(tensor(a)).get0());
        }
    }
}
