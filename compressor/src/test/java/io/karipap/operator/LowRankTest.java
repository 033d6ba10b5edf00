package io.karipap.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.karipap.linalg.Algebra;
import io.karipap.linalg.Matrix;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.RandomMatrices_DDRM;
import org.ejml.simple.SimpleMatrix;
import org.ejml.simple.SimpleSVD;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The factorisation against Eckart–Young: the SVD of W·L, which is computed another way. */
class LowRankTest {
    private static DMatrixRMaj moment(int n, Random random) {
        DMatrixRMaj x = RandomMatrices_DDRM.rectangle(n, 3 * n, -1, 1, random);
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < 3 * n; j++) {
                x.set(i, j, x.get(i, j) * Math.exp(-3.0 * i / n)); // directions of very different weight
            }
        }
        DMatrixRMaj c = new DMatrixRMaj(n, n);
        CommonOps_DDRM.multTransB(x, x, c);
        return c;
    }

    private static DMatrixRMaj product(LowRank lowRank, int m, int n, int rank) {
        double[] left = lowRank.left().columns(0, rank).data();
        double[] right = lowRank.right().rows(0, rank).data();
        DMatrixRMaj product = new DMatrixRMaj(m, n);
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                double sum = 0;
                for (int r = 0; r < rank; r++) {
                    sum += left[i * rank + r] * right[r * n + j];
                }
                product.set(i, j, sum);
            }
        }
        return product;
    }

    /** ‖(W − Ŵ) C^½‖² / ‖W C^½‖². */
    private static double error(DMatrixRMaj w, DMatrixRMaj approximation, DMatrixRMaj c) {
        SimpleMatrix exact = SimpleMatrix.wrap(w);
        SimpleMatrix difference = exact.minus(SimpleMatrix.wrap(approximation));
        SimpleMatrix moment = SimpleMatrix.wrap(c);
        return difference.mult(moment).mult(difference.transpose()).trace()
                / exact.mult(moment).mult(exact.transpose()).trace();
    }

    @ParameterizedTest
    @CsvSource({"20,31", "31,20", "24,24", "13,1", "1,13"})
    void everyRankIsTheBestThereIs(int m, int n) {
        Random random = new Random(7);
        DMatrixRMaj w = RandomMatrices_DDRM.rectangle(m, n, -1, 1, random);
        DMatrixRMaj c = moment(n, random);
        LowRank lowRank =
                LowRank.of(new Matrix(m, n, w.data), Metric.of(new Matrix(n, n, c.data)), Algebra.EJML.open());
        SimpleMatrix cholesky = new SimpleMatrix(n, n);
        org.ejml.interfaces.decomposition.CholeskyDecomposition_F64<DMatrixRMaj> chol =
                org.ejml.dense.row.factory.DecompositionFactory_DDRM.chol(n, true);
        assertThat(chol.decompose(c.copy())).isTrue();
        cholesky.setTo(SimpleMatrix.wrap(chol.getT(null)));
        SimpleSVD<SimpleMatrix> svd = SimpleMatrix.wrap(w).mult(cholesky).svd();
        double total = 0;
        for (double sigma : svd.getSingularValues()) {
            total += sigma * sigma;
        }
        double kept = 0;
        for (int rank = 1; rank <= lowRank.fullRank(); rank++) {
            kept += svd.getSingleValue(rank - 1) * svd.getSingleValue(rank - 1);
            double best = Math.max(0, 1 - kept / total);
            double reached = error(w, product(lowRank, m, n, rank), c);
            assertThat(reached).as("error at rank %d", rank).isCloseTo(best, Offset.offset(1e-6));
            assertThat(lowRank.errors()[rank]).isCloseTo(best, Offset.offset(1e-5));
        }
        DMatrixRMaj full = product(lowRank, m, n, lowRank.fullRank());
        for (int i = 0; i < w.data.length; i++) {
            assertThat(full.data[i]).isCloseTo(w.data[i], Offset.offset(1e-5));
        }
    }
}
