package io.karipap.ansatz;

import io.karipap.linalg.LinearAlgebra;
import io.karipap.linalg.Matrix;
import io.karipap.network.Index;
import io.karipap.network.Leg;
import io.karipap.network.Site;
import io.karipap.network.TensorNetwork;
import io.karipap.operator.LowRank;
import io.karipap.operator.Metric;
import io.karipap.operator.OperatorNetwork;
import io.karipap.operator.SiteNames;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A matrix of G×G blocks that share their bases by row and by column of blocks (BLAST, Lee et al., arXiv 2410.21262):
 * {@code Ŵ(a, b) = U(a) diag(S(a, b)) V(b)ᵀ}.
 *
 * <pre>
 *        a            b         out = (a, p), in = (b, q)
 *       ╱ ╲          ╱ ╲        r is a copy bond of all three sites
 *   p ─ U ─ r ── S ── r ─ V ─ q
 * </pre>
 *
 * <p>Low rank is the case S = 1, with which it starts; then each of U, S and V is optimal in turn given the others, in the full C metric,
 * so that no step can raise the error.
 */
public final class BlockLattice {
    /** Holds a step near the last one where the data do not determine it. */
    private static final double PROXIMAL = 1e-9;

    private final Matrix w;
    private final Matrix weighted; // W C
    private final Metric metric;
    private final LinearAlgebra algebra;
    private final int grid;
    private final int rank;
    private final double energy;
    private final Matrix[] u; // by a: [p, r]
    private final Matrix[] v; // by b: [q, r]
    private final double[][][] s; // by a, b: [r]
    private final Matrix[][] moments; // C by b, b': [q, q]
    private final Matrix[] momentFactors; // Cholesky of the diagonal ones

    private BlockLattice(Matrix w, Metric metric, LowRank start, int grid, int rank, LinearAlgebra algebra) {
        this.w = w;
        this.metric = metric;
        this.algebra = algebra;
        this.grid = grid;
        this.rank = rank;
        this.weighted = algebra.multiply(w, metric.moment());
        this.energy = weighted.dot(w);
        int p = w.rows() / grid;
        int q = w.columns() / grid;
        int known = Math.min(rank, start.fullRank());
        u = new Matrix[grid];
        v = new Matrix[grid];
        s = new double[grid][grid][rank];
        moments = new Matrix[grid][grid];
        momentFactors = new Matrix[grid];
        Matrix right = start.right().transposed();
        Random random = new Random(rank);
        for (int a = 0; a < grid; a++) {
            u[a] = widened(start.left().rows(a * p, (a + 1) * p).columns(0, known), rank, null);
            v[a] = widened(right.rows(a * q, (a + 1) * q).columns(0, known), rank, random);
            for (int b = 0; b < grid; b++) {
                Arrays.fill(s[a][b], 1);
                moments[a][b] = metric.moment().rows(a * q, (a + 1) * q).columns(b * q, (b + 1) * q);
            }
            momentFactors[a] = Metric.factor(moments[a][a], algebra);
        }
    }

    /**
     * @param w operator [m, n], whose sides {@code grid} divides
     * @param start its low rank
     * @param grid G
     * @param rank r; beyond min(m, n) it is widened
     */
    public static BlockLattice of(Matrix w, Metric metric, LowRank start, int grid, int rank, LinearAlgebra algebra) {
        if (w.rows() % grid != 0 || w.columns() % grid != 0) {
            throw new IllegalArgumentException(
                    "a grid of " + grid + " does not divide a matrix of " + w.rows() + "×" + w.columns());
        }
        return new BlockLattice(w, metric, start, grid, rank, algebra);
    }

    /** Adds columns, of noise or of zeros: a bond grows and the product stays. */
    private static Matrix widened(Matrix matrix, int columns, Random random) {
        Matrix wide = Matrix.zeros(matrix.rows(), columns);
        for (int row = 0; row < matrix.rows(); row++) {
            System.arraycopy(matrix.data(), row * matrix.columns(), wide.data(), row * columns, matrix.columns());
            for (int c = matrix.columns(); random != null && c < columns; c++) {
                wide.set(row, c, random.nextGaussian());
            }
        }
        return wide;
    }

    /** Stored parameters: {@code r (m + n + G²)}. */
    public static long parameters(int m, int n, int grid, int rank) {
        return (long) rank * (m + n + grid * grid);
    }

    /** One sweep over U, S and V. */
    public void sweep() {
        Matrix[][] overlaps = overlaps();
        Matrix[][] projected = projected();
        for (int a = 0; a < grid; a++) {
            solveLeft(a, overlaps, projected);
            solveCore(a, overlaps, projected);
        }
        Matrix[] columns = new Matrix[grid];
        for (int b = 0; b < grid; b++) {
            columns[b] = column(b);
        }
        for (int b = 0; b < grid; b++) {
            solveRight(b, columns);
        }
    }

    /** V(b)ᵀ C(b, b') V(b'). */
    private Matrix[][] overlaps() {
        Matrix[][] overlaps = new Matrix[grid][grid];
        for (int b = 0; b < grid; b++) {
            for (int c = 0; c < grid; c++) {
                overlaps[b][c] = algebra.multiply(v[b], true, algebra.multiply(moments[b][c], v[c]), false);
            }
        }
        return overlaps;
    }

    /** (W C)(a, b) V(b). */
    private Matrix[][] projected() {
        int p = w.rows() / grid;
        int q = w.columns() / grid;
        Matrix[][] projected = new Matrix[grid][grid];
        for (int b = 0; b < grid; b++) {
            Matrix column = algebra.multiply(weighted.columns(b * q, (b + 1) * q), v[b]);
            for (int a = 0; a < grid; a++) {
                projected[a][b] = column.rows(a * p, (a + 1) * p);
            }
        }
        return projected;
    }

    private void solveLeft(int a, Matrix[][] overlaps, Matrix[][] projected) {
        Matrix gram = Matrix.zeros(rank, rank);
        Matrix target = Matrix.zeros(u[a].rows(), rank);
        for (int b = 0; b < grid; b++) {
            for (int c = 0; c < grid; c++) {
                gram.addInPlace(1, overlaps[b][c].copy().scaleRows(s[a][b]).scaleColumns(s[a][c]));
            }
            target.addInPlace(1, projected[a][b].copy().scaleColumns(s[a][b]));
        }
        double proximal = PROXIMAL * gram.trace() / rank;
        target.addInPlace(proximal, u[a]);
        u[a] = algebra.solvePositive(gram.addToDiagonal(proximal), target.transposed())
                .transposed();
    }

    private void solveCore(int a, Matrix[][] overlaps, Matrix[][] projected) {
        Matrix outer = algebra.multiply(u[a], true, u[a], false);
        Matrix gram = Matrix.zeros(grid * rank, grid * rank);
        Matrix target = Matrix.zeros(grid * rank, 1);
        for (int b = 0; b < grid; b++) {
            for (int c = 0; c < grid; c++) {
                for (int i = 0; i < rank; i++) {
                    for (int j = 0; j < rank; j++) {
                        gram.set(b * rank + i, c * rank + j, outer.get(i, j) * overlaps[b][c].get(i, j));
                    }
                }
            }
            for (int i = 0; i < rank; i++) {
                double sum = 0;
                for (int row = 0; row < u[a].rows(); row++) {
                    sum += u[a].get(row, i) * projected[a][b].get(row, i);
                }
                target.set(b * rank + i, 0, sum);
            }
        }
        double proximal = PROXIMAL * gram.trace() / gram.rows();
        gram.addToDiagonal(proximal);
        for (int b = 0; b < grid; b++) {
            for (int i = 0; i < rank; i++) {
                target.data()[b * rank + i] += proximal * s[a][b][i];
            }
        }
        Matrix solved = algebra.solvePositive(gram, target);
        for (int b = 0; b < grid; b++) {
            System.arraycopy(solved.data(), b * rank, s[a][b], 0, rank);
        }
    }

    /** U(a) diag(S(a, b)), stacked over a: [m, r]. */
    private Matrix column(int b) {
        int p = w.rows() / grid;
        Matrix column = Matrix.zeros(w.rows(), rank);
        for (int a = 0; a < grid; a++) {
            Matrix block = u[a].copy().scaleColumns(s[a][b]);
            System.arraycopy(block.data(), 0, column.data(), a * p * rank, block.data().length);
        }
        return column;
    }

    private void solveRight(int b, Matrix[] columns) {
        int q = w.columns() / grid;
        Matrix y = columns[b];
        Matrix gram = algebra.multiply(y, true, y, false);
        double proximal = PROXIMAL * gram.trace() / rank;
        Matrix target = algebra.multiply(y, true, weighted.columns(b * q, (b + 1) * q), false);
        for (int c = 0; c < grid; c++) {
            if (c != b) {
                Matrix mixed = algebra.multiply(y, true, columns[c], false);
                target.addInPlace(-1, algebra.multiply(algebra.multiply(mixed, false, v[c], true), moments[c][b]));
            }
        }
        Matrix unweighted = algebra.solveLower(
                        momentFactors[b], true, algebra.solveLower(momentFactors[b], false, target.transposed()))
                .transposed();
        unweighted.addInPlace(proximal, v[b].transposed());
        v[b] = algebra.solvePositive(gram.addToDiagonal(proximal), unweighted).transposed();
    }

    /** The relative error. */
    public double error() {
        return metric.energy(w.minus(dense()), algebra) / energy;
    }

    private Matrix dense() {
        Matrix dense = Matrix.zeros(w.rows(), w.columns());
        int q = w.columns() / grid;
        for (int b = 0; b < grid; b++) {
            Matrix part = algebra.multiply(column(b), false, v[b], true);
            for (int row = 0; row < w.rows(); row++) {
                System.arraycopy(part.data(), row * q, dense.data(), row * w.columns() + b * q, q);
            }
        }
        return dense;
    }

    /** The einsum: sites U {@code [a p r]}, S {@code [r a b]}, V {@code [b r q]}. */
    public static TensorNetwork network(String operator, int out, int in, int grid, int rank) {
        return new TensorNetwork(
                operator,
                List.of(
                        new Index("a", grid, Leg.OUT),
                        new Index("p", out / grid, Leg.OUT),
                        new Index("b", grid, Leg.IN),
                        new Index("q", in / grid, Leg.IN),
                        new Index("r", rank, Leg.BOND)),
                List.of(
                        new Site(SiteNames.own(operator, 0), List.of("a", "p", "r")),
                        new Site(SiteNames.own(operator, 1), List.of("r", "a", "b")),
                        new Site(SiteNames.own(operator, 2), List.of("b", "r", "q"))));
    }

    /** The three sites. */
    public OperatorNetwork network(String operator) {
        int p = w.rows() / grid;
        int q = w.columns() / grid;
        TensorNetwork network = network(operator, w.rows(), w.columns(), grid, rank);
        double[] left = new double[grid * p * rank];
        double[] core = new double[rank * grid * grid];
        double[] right = new double[grid * rank * q];
        for (int a = 0; a < grid; a++) {
            System.arraycopy(u[a].data(), 0, left, a * p * rank, p * rank);
            System.arraycopy(v[a].transposed().data(), 0, right, a * rank * q, rank * q);
            for (int b = 0; b < grid; b++) {
                for (int r = 0; r < rank; r++) {
                    core[(r * grid + a) * grid + b] = s[a][b][r];
                }
            }
        }
        return new OperatorNetwork(
                network,
                Map.of(
                        SiteNames.own(operator, 0),
                        left,
                        SiteNames.own(operator, 1),
                        core,
                        SiteNames.own(operator, 2),
                        right));
    }
}
