package io.karipap.trg;

import io.karipap.linalg.LinearAlgebra;
import io.karipap.linalg.Matrix;

/**
 * The best way to make a bond smaller in its environment: {@code P [D, D'], Q [D', D]} with the least
 * {@code Σ (1 − P Q)[α, β] N[(α α'), (β β')] (1 − P Q)[α', β']}, N being the environment of the bond of the double layer. It begins with the
 * SVD in the gauge in which the two halves of N are one, and solves for P and Q in turn (Jordan et al., PRL 101, 250602, 2008).
 *
 * @param left P
 * @param right Q
 * @param discardedWeight what is lost over what there was
 */
public record BondTruncation(Matrix left, Matrix right, double discardedWeight) {
    private static final int ROUNDS = 12;
    private static final double PROXIMAL = 1e-10;

    /**
     * @param environment N [(α α'), (β β')], [D², D²]
     * @param size D
     * @param kept D'
     */
    public static BondTruncation of(Matrix environment, int size, int kept, LinearAlgebra algebra) {
        Matrix quadratic = quadratic(environment, size, algebra); // [(α β), (α' β')]
        Matrix[] halves = start(environment, size, kept, algebra);
        Matrix p = halves[0];
        Matrix q = halves[1];
        Matrix one = Matrix.identity(size);
        double total = form(quadratic, one);
        double lost = form(quadratic, one.minus(algebra.multiply(p, q)));
        for (int round = 0; round < ROUNDS; round++) {
            Matrix nextP = solveLeft(quadratic, p, q, algebra);
            Matrix nextQ = solveRight(quadratic, nextP, q, algebra);
            double next = form(quadratic, one.minus(algebra.multiply(nextP, nextQ)));
            if (!(next < lost)) {
                break;
            }
            p = nextP;
            q = nextQ;
            lost = next;
        }
        return new BondTruncation(p, q, total > 0 ? Math.max(0, lost) / total : 0);
    }

    /** N with its indices as a quadratic form on bond matrices, symmetric and without what rounding made negative. */
    private static Matrix quadratic(Matrix n, int d, LinearAlgebra algebra) {
        Matrix form = Matrix.zeros(d * d, d * d);
        for (int a = 0; a < d; a++) {
            for (int a2 = 0; a2 < d; a2++) {
                for (int b = 0; b < d; b++) {
                    for (int b2 = 0; b2 < d; b2++) {
                        double value = n.get(a * d + a2, b * d + b2);
                        form.data()[(a * d + b) * d * d + a2 * d + b2] += value / 2;
                        form.data()[(a2 * d + b2) * d * d + a * d + b] += value / 2;
                    }
                }
            }
        }
        LinearAlgebra.Eigen eigen = algebra.symmetricEigen(form);
        double[] values = eigen.values();
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.max(0, values[i]);
        }
        return algebra.multiply(eigen.vectors().copy().scaleColumns(values), false, eigen.vectors(), true);
    }

    private static double form(Matrix quadratic, Matrix x) {
        double sum = 0;
        int size = quadratic.rows();
        for (int i = 0; i < size; i++) {
            double row = 0;
            for (int j = 0; j < size; j++) {
                row += quadratic.data()[i * size + j] * x.data()[j];
            }
            sum += row * x.data()[i];
        }
        return sum;
    }

    private static Matrix[] start(Matrix n, int d, int kept, LinearAlgebra algebra) {
        Matrix left = Matrix.zeros(d, d);
        Matrix right = Matrix.zeros(d, d);
        for (int i = 0; i < d; i++) {
            for (int j = 0; j < d; j++) {
                for (int k = 0; k < d; k++) {
                    left.data()[i * d + j] += (n.get(i * d + j, k * d + k) + n.get(j * d + i, k * d + k)) / 2;
                    right.data()[i * d + j] += (n.get(k * d + k, i * d + j) + n.get(k * d + k, j * d + i)) / 2;
                }
            }
        }
        LinearAlgebra.Eigen l = algebra.symmetricEigen(left);
        LinearAlgebra.Eigen r = algebra.symmetricEigen(right);
        double[] rootL = new double[d];
        double[] inverseL = new double[d];
        double[] rootR = new double[d];
        double[] inverseR = new double[d];
        for (int i = 0; i < d; i++) {
            rootL[i] = Math.sqrt(Math.max(l.values()[i], 1e-14 * Math.abs(l.values()[0]) + Double.MIN_NORMAL));
            rootR[i] = Math.sqrt(Math.max(r.values()[i], 1e-14 * Math.abs(r.values()[0]) + Double.MIN_NORMAL));
            inverseL[i] = 1 / rootL[i];
            inverseR[i] = 1 / rootR[i];
        }
        // X = √l Vlᵀ Vr √r carries the bond; cut it
        Matrix x = algebra.multiply(l.vectors(), true, r.vectors(), false)
                .scaleRows(rootL)
                .scaleColumns(rootR);
        LinearAlgebra.Svd svd = algebra.svd(x);
        double[] roots = new double[kept];
        for (int i = 0; i < kept; i++) {
            roots[i] = Math.sqrt(svd.values()[i]);
        }
        Matrix p = algebra.multiply(
                l.vectors().copy().scaleColumns(inverseL),
                svd.u().columns(0, kept).scaleColumns(roots));
        Matrix q = algebra.multiply(
                svd.vt().rows(0, kept).scaleRows(roots),
                false,
                r.vectors().copy().scaleColumns(inverseR),
                true);
        return new Matrix[] {p, q};
    }

    /** The P with the least loss, given Q. */
    private static Matrix solveLeft(Matrix quadratic, Matrix p, Matrix q, LinearAlgebra algebra) {
        int d = p.rows();
        int k = p.columns();
        Matrix design = Matrix.zeros(d * d, d * k); // (P Q)[α β] = Σ P[α k] Q[k β]
        for (int a = 0; a < d; a++) {
            for (int b = 0; b < d; b++) {
                for (int c = 0; c < k; c++) {
                    design.set(a * d + b, a * k + c, q.get(c, b));
                }
            }
        }
        return new Matrix(d, k, solve(quadratic, design, p, algebra).data());
    }

    /** The Q with the least loss, given P. */
    private static Matrix solveRight(Matrix quadratic, Matrix p, Matrix q, LinearAlgebra algebra) {
        int d = p.rows();
        int k = p.columns();
        Matrix design = Matrix.zeros(d * d, k * d);
        for (int a = 0; a < d; a++) {
            for (int b = 0; b < d; b++) {
                for (int c = 0; c < k; c++) {
                    design.set(a * d + b, c * d + b, p.get(a, c));
                }
            }
        }
        return new Matrix(k, d, solve(quadratic, design, q, algebra).data());
    }

    private static Matrix solve(Matrix quadratic, Matrix design, Matrix before, LinearAlgebra algebra) {
        Matrix weighted = algebra.multiply(quadratic, design);
        Matrix normal = algebra.multiply(design, true, weighted, false);
        int d = (int) Math.round(Math.sqrt(quadratic.rows()));
        Matrix one = new Matrix(d * d, 1, Matrix.identity(d).data());
        Matrix target = algebra.multiply(weighted, true, one, false);
        double proximal = PROXIMAL * normal.trace() / normal.rows() + Double.MIN_NORMAL;
        target.addInPlace(proximal, new Matrix(before.data().length, 1, before.data()));
        return algebra.solvePositive(normal.addToDiagonal(proximal), target);
    }
}
