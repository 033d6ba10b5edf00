package io.karipap.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Both implementations against the definitions. */
class LinearAlgebraTest {
    private final Random random = new Random(5);

    private static void assertClose(Matrix actual, Matrix expected) {
        assertThat(actual.rows()).isEqualTo(expected.rows());
        assertThat(actual.columns()).isEqualTo(expected.columns());
        for (int i = 0; i < actual.data().length; i++) {
            assertThat(actual.data()[i]).isCloseTo(expected.data()[i], Offset.offset(1e-10));
        }
    }

    private static Matrix product(Matrix a, Matrix b) {
        Matrix c = Matrix.zeros(a.rows(), b.columns());
        for (int i = 0; i < a.rows(); i++) {
            for (int j = 0; j < b.columns(); j++) {
                double sum = 0;
                for (int k = 0; k < a.columns(); k++) {
                    sum += a.get(i, k) * b.get(k, j);
                }
                c.set(i, j, sum);
            }
        }
        return c;
    }

    @ParameterizedTest
    @EnumSource(Algebra.class)
    void products(Algebra kind) {
        LinearAlgebra algebra = kind.open();
        Matrix a = Matrix.gaussian(7, 13, random);
        Matrix b = Matrix.gaussian(13, 5, random);
        Matrix expected = product(a, b);
        assertClose(algebra.multiply(a, b), expected);
        assertClose(algebra.multiply(a.transposed(), true, b, false), expected);
        assertClose(algebra.multiply(a, false, b.transposed(), true), expected);
        assertClose(algebra.multiply(a.transposed(), true, b.transposed(), true), expected);
    }

    @ParameterizedTest
    @EnumSource(Algebra.class)
    void decompositions(Algebra kind) {
        LinearAlgebra algebra = kind.open();
        for (int[] shape : new int[][] {{9, 14}, {14, 9}, {1, 5}, {6, 6}}) {
            Matrix a = Matrix.gaussian(shape[0], shape[1], random);
            LinearAlgebra.Svd svd = algebra.svd(a);
            assertThat(svd.values()).isSortedAccordingTo((x, y) -> Double.compare(y, x));
            assertClose(product(svd.u().copy().scaleColumns(svd.values()), svd.vt()), a);
            assertClose(product(svd.u().transposed(), svd.u()), Matrix.identity(svd.values().length));
            assertClose(product(svd.vt(), svd.vt().transposed()), Matrix.identity(svd.values().length));
            Matrix q = algebra.orthonormal(a);
            assertClose(product(q.transposed(), q), Matrix.identity(Math.min(shape[0], shape[1])));
            if (shape[0] >= shape[1]) {
                assertClose(product(q, product(q.transposed(), a)), a);
            }
            Matrix gram = product(a, a.transposed());
            LinearAlgebra.Eigen eigen = algebra.symmetricEigen(gram);
            assertThat(eigen.values()).isSortedAccordingTo((x, y) -> Double.compare(y, x));
            assertClose(
                    product(
                            eigen.vectors().copy().scaleColumns(eigen.values()),
                            eigen.vectors().transposed()),
                    gram);
        }
    }

    @ParameterizedTest
    @EnumSource(Algebra.class)
    void positiveDefiniteSystems(Algebra kind) {
        LinearAlgebra algebra = kind.open();
        Matrix a = Matrix.gaussian(11, 30, random);
        Matrix positive = product(a, a.transposed());
        Matrix l = algebra.cholesky(positive);
        assertClose(product(l, l.transposed()), positive);
        Matrix b = Matrix.gaussian(11, 4, random);
        assertClose(product(l, algebra.solveLower(l, false, b)), b);
        assertClose(product(l.transposed(), algebra.solveLower(l, true, b)), b);
        assertClose(product(positive, algebra.solvePositive(positive, b)), b);
        assertThatThrownBy(() -> algebra.cholesky(positive.copy().addToDiagonal(-1e3)))
                .isInstanceOf(LinearAlgebra.NotPositiveDefiniteException.class)
                .hasMessageContaining("11×11");
    }
}
