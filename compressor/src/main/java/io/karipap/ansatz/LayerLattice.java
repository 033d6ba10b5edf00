package io.karipap.ansatz;

import io.karipap.linalg.LinearAlgebra;
import io.karipap.linalg.Matrix;
import io.karipap.network.Index;
import io.karipap.network.Leg;
import io.karipap.network.Site;
import io.karipap.network.TensorNetwork;
import io.karipap.operator.Metric;
import io.karipap.operator.OperatorNetwork;
import io.karipap.operator.SiteNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Operators of one kind in neighbouring blocks over shared bases: the unit cell of an iPEPS, repeated in depth. Each block keeps a small
 * core of its own.
 *
 * <pre>
 *   o ── A ── r ── G(g) ── s ── B ── i        g: the block; A and B are shared
 * </pre>
 *
 * <p>Every block has its own C(g), so there is no closed form; A, B and the cores are found by alternating least squares, none of whose
 * steps can raise the error. {@code G(g)} solves {@code AᵀA G (B C Bᵀ) = Aᵀ W C Bᵀ}; A solves an r×r system; B solves
 * {@code Σ_g GᵀAᵀA G B C = Σ_g GᵀAᵀ W C}, by conjugate gradients.
 */
public final class LayerLattice {
    private static final int CONJUGATE_GRADIENT_STEPS = 12;
    private static final double PROXIMAL = 1e-10;

    private final Bases bases;
    private final LinearAlgebra algebra;
    private Matrix a;
    private Matrix b;
    private final Matrix[] cores;

    /**
     * What does not depend on the bonds: the leading vectors of the stacked operators.
     *
     * @param weights of the blocks, all [m, n]
     * @param metrics of the blocks
     * @param weighted W C of the blocks
     * @param energy of all blocks
     * @param meanFactor Cholesky factor of the mean C
     * @param left [m, m]
     * @param right [n, n], rows by importance
     */
    public record Bases(
            List<Matrix> weights,
            List<Metric> metrics,
            List<Matrix> weighted,
            double energy,
            Matrix meanFactor,
            Matrix left,
            Matrix right) {
        public static Bases of(List<Matrix> weights, List<Metric> metrics, LinearAlgebra algebra) {
            int m = weights.getFirst().rows();
            int n = weights.getFirst().columns();
            List<Matrix> weighted = new ArrayList<>();
            double energy = 0;
            Matrix outputs = Matrix.zeros(m, m);
            Matrix mean = Matrix.zeros(n, n);
            for (int g = 0; g < weights.size(); g++) {
                Matrix wc = algebra.multiply(weights.get(g), metrics.get(g).moment());
                weighted.add(wc);
                energy += wc.dot(weights.get(g));
                outputs.addInPlace(1, algebra.multiply(wc, false, weights.get(g), true));
                mean.addInPlace(1.0 / weights.size(), metrics.get(g).moment());
            }
            Matrix factor = Metric.factor(mean, algebra);
            Matrix inputs = Matrix.zeros(n, n);
            for (Matrix w : weights) {
                Matrix wl = algebra.multiply(w, factor);
                inputs.addInPlace(1, algebra.multiply(wl, true, wl, false));
            }
            Matrix v = algebra.symmetricEigen(inputs).vectors();
            return new Bases(
                    List.copyOf(weights),
                    List.copyOf(metrics),
                    weighted,
                    energy,
                    factor,
                    algebra.symmetricEigen(outputs).vectors(),
                    algebra.solveLower(factor, true, v).transposed());
        }
    }

    /**
     * Starts from the leading vectors; exact at r = m, s = n.
     */
    public LayerLattice(Bases bases, int r, int s, LinearAlgebra algebra) {
        this.bases = bases;
        this.algebra = algebra;
        this.a = bases.left().columns(0, r);
        this.b = bases.right().rows(0, s);
        this.cores = new Matrix[bases.weights().size()];
        solveCores();
    }

    /** One sweep: A, B, cores. */
    public void sweep() {
        solveLeft();
        solveRight();
        solveCores();
    }

    private void solveCores() {
        Matrix gram = algebra.multiply(a, true, a, false);
        gram.addToDiagonal(1e-13 * gram.trace() / gram.rows());
        for (int g = 0; g < cores.length; g++) {
            Matrix bc = algebra.multiply(b, bases.metrics().get(g).moment());
            Matrix right = algebra.multiply(bc, false, b, true);
            right.addToDiagonal(1e-13 * right.trace() / right.rows());
            Matrix target =
                    algebra.multiply(algebra.multiply(a, true, bases.weighted().get(g), false), false, b, true);
            Matrix half = algebra.solvePositive(gram, target);
            cores[g] = algebra.solvePositive(right, half.transposed()).transposed();
        }
    }

    private void solveLeft() {
        Matrix gram = null;
        Matrix target = null;
        for (int g = 0; g < cores.length; g++) {
            Matrix gb = algebra.multiply(cores[g], b);
            Matrix part =
                    algebra.multiply(algebra.multiply(gb, bases.metrics().get(g).moment()), false, gb, true);
            Matrix goal = algebra.multiply(bases.weighted().get(g), false, gb, true);
            gram = gram == null ? part : gram.addInPlace(1, part);
            target = target == null ? goal : target.addInPlace(1, goal);
        }
        double proximal = PROXIMAL * gram.trace() / gram.rows();
        gram.addToDiagonal(proximal);
        target.addInPlace(proximal, a);
        a = algebra.solvePositive(gram, target.transposed()).transposed();
    }

    private void solveRight() {
        Matrix[] grams = new Matrix[cores.length];
        Matrix residual = null;
        Matrix mean = null;
        for (int g = 0; g < cores.length; g++) {
            Matrix ag = algebra.multiply(a, cores[g]);
            grams[g] = algebra.multiply(ag, true, ag, false);
            mean = mean == null ? grams[g].copy() : mean.addInPlace(1, grams[g]);
            Matrix part = algebra.multiply(ag, true, bases.weighted().get(g), false)
                    .addInPlace(
                            -1,
                            algebra.multiply(
                                    algebra.multiply(grams[g], b),
                                    bases.metrics().get(g).moment()));
            residual = residual == null ? part : residual.addInPlace(1, part);
        }
        mean.addToDiagonal(1e-10 * mean.trace() / mean.rows());
        Matrix direction = precondition(mean, residual);
        double slope = residual.dot(direction);
        for (int step = 0; step < CONJUGATE_GRADIENT_STEPS && slope > 0; step++) {
            Matrix image = null;
            for (int g = 0; g < cores.length; g++) {
                Matrix part = algebra.multiply(
                        algebra.multiply(grams[g], direction),
                        bases.metrics().get(g).moment());
                image = image == null ? part : image.addInPlace(1, part);
            }
            double curvature = direction.dot(image);
            if (!(curvature > 0)) {
                return;
            }
            b = b.copy().addInPlace(slope / curvature, direction);
            residual.addInPlace(-slope / curvature, image);
            Matrix next = precondition(mean, residual);
            double nextSlope = residual.dot(next);
            direction = next.addInPlace(nextSlope / slope, direction);
            slope = nextSlope;
        }
    }

    /** What the step would be if every block had the mean C. */
    private Matrix precondition(Matrix gram, Matrix residual) {
        Matrix half = algebra.solvePositive(gram, residual);
        return algebra.solveLower(
                        bases.meanFactor(), true, algebra.solveLower(bases.meanFactor(), false, half.transposed()))
                .transposed();
    }

    /** The error, summed over the blocks and relative to their energy. */
    public double error() {
        double sum = 0;
        for (int g = 0; g < cores.length; g++) {
            Matrix difference = bases.weights().get(g).minus(dense(g));
            sum += bases.metrics().get(g).energy(difference, algebra);
        }
        return sum / bases.energy();
    }

    private Matrix dense(int g) {
        return algebra.multiply(algebra.multiply(a, cores[g]), b);
    }

    /** Stored parameters: {@code m r + c r s + s n}. */
    public static long parameters(int m, int n, int blocks, int r, int s) {
        return (long) m * r + (long) blocks * r * s + (long) s * n;
    }

    /**
     * The sites of every block.
     *
     * @param operators names of the operators
     * @param shared name before the shared tensors' {@code .left} and {@code .right}
     */
    public List<OperatorNetwork> networks(List<String> operators, String shared) {
        List<OperatorNetwork> networks = new ArrayList<>();
        for (int g = 0; g < cores.length; g++) {
            String operator = operators.get(g);
            TensorNetwork network = new TensorNetwork(
                    operator,
                    List.of(
                            new Index("o", a.rows(), Leg.OUT),
                            new Index("i", b.columns(), Leg.IN),
                            new Index("r", a.columns(), Leg.BOND),
                            new Index("s", b.rows(), Leg.BOND)),
                    List.of(
                            new Site(shared + ".left", List.of("o", "r")),
                            new Site(SiteNames.own(operator, 1), List.of("r", "s")),
                            new Site(shared + ".right", List.of("s", "i"))));
            networks.add(new OperatorNetwork(
                    network,
                    Map.of(
                            shared + ".left",
                            a.data(),
                            SiteNames.own(operator, 1),
                            cores[g].data(),
                            shared + ".right",
                            b.data())));
        }
        return networks;
    }
}
