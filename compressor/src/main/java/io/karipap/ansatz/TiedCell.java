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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Operators that read the same x, over one shared site: the unit cell of q, k and v, or of gate and up. What the shared site makes of x is
 * computed once for all of them.
 *
 * <pre>
 *   o ── A(g) ── r ── M(g) ── s ── B ── i        g: the operator; B is shared
 *   o ──── A(g) ──────────── s ── B ── i        where a second bond would not save anything
 * </pre>
 *
 * <p>The best B for every s comes from the low rank of the stacked operators; in the gauge where B C Bᵀ = 1 the best A(g), M(g) of a given
 * r are a plain SVD, and the errors of both cuts add up.
 */
public final class TiedCell {
    private final List<String> operators;
    private final LowRank stacked;
    private final Matrix[] lefts;
    private final Matrix right;
    private final LinearAlgebra algebra;
    private final Map<Integer, double[][]> memberValues = new HashMap<>();

    private TiedCell(List<String> operators, LowRank stacked, Matrix[] lefts, Matrix right, LinearAlgebra algebra) {
        this.operators = operators;
        this.stacked = stacked;
        this.lefts = lefts;
        this.right = right;
        this.algebra = algebra;
    }

    /**
     * @param operators names
     * @param weights their matrices, all [·, n]
     */
    public static TiedCell of(List<String> operators, List<Matrix> weights, Metric metric, LinearAlgebra algebra) {
        int n = weights.getFirst().columns();
        int m = weights.stream().mapToInt(Matrix::rows).sum();
        Matrix all = Matrix.zeros(m, n);
        int at = 0;
        for (Matrix w : weights) {
            System.arraycopy(w.data(), 0, all.data(), at, w.data().length);
            at += w.data().length;
        }
        LowRank stacked = LowRank.of(all, metric, algebra);
        Matrix left = stacked.left();
        Matrix right = stacked.right();
        if (m <= n) { // here A is orthonormal; move the weights from B to A
            double[] roots = new double[stacked.fullRank()];
            double[] inverse = new double[roots.length];
            for (int i = 0; i < roots.length; i++) {
                roots[i] = Math.sqrt(stacked.energies()[i]);
                inverse[i] = roots[i] > 0 ? 1 / roots[i] : 1;
                roots[i] = roots[i] > 0 ? roots[i] : 1;
            }
            left = left.copy().scaleColumns(roots);
            right = right.copy().scaleRows(inverse);
        }
        Matrix[] lefts = new Matrix[weights.size()];
        int row = 0;
        for (int g = 0; g < lefts.length; g++) {
            lefts[g] = left.rows(row, row + weights.get(g).rows());
            row += weights.get(g).rows();
        }
        return new TiedCell(operators, stacked, lefts, right, algebra);
    }

    /** Largest shared bond: min(Σ m, n). */
    public int fullRank() {
        return stacked.fullRank();
    }

    /** Energies of the shared terms and of no cut else, by term. */
    public double[] energies() {
        return stacked.energies();
    }

    /** How many operators. */
    public int members() {
        return lefts.length;
    }

    /** Output features of member {@code g}. */
    public int rows(int g) {
        return lefts[g].rows();
    }

    /** n. */
    public int columns() {
        return right.columns();
    }

    /** Singular values of A(g) at shared bond {@code s}: their squares are what cutting r costs. */
    public double[] memberValues(int g, int s) {
        return memberValues
                .computeIfAbsent(s, bond -> Arrays.stream(lefts)
                        .map(left -> values(left, bond))
                        .toArray(double[][]::new))[g];
    }

    /** From the smaller Gram matrix: at every shared bond that is tried, singular vectors would take minutes and gigabytes. */
    private double[] values(Matrix left, int s) {
        Matrix kept = left.columns(0, s);
        boolean wide = kept.rows() < s;
        Matrix gram = algebra.multiply(kept, !wide, kept, wide);
        return Arrays.stream(algebra.symmetricEigen(gram).values())
                .map(energy -> Math.sqrt(Math.max(0, energy)))
                .toArray();
    }

    /**
     * The sites.
     *
     * @param shared name of the shared tensor
     * @param s shared bond
     * @param ranks bond r of every member, or 0 for the form without
     */
    public List<OperatorNetwork> networks(String shared, int s, int[] ranks) {
        double[] basis = right.rows(0, s).data();
        List<OperatorNetwork> networks = new ArrayList<>();
        for (int g = 0; g < lefts.length; g++) {
            String operator = operators.get(g);
            List<Index> indices = new ArrayList<>(List.of(
                    new Index("o", lefts[g].rows(), Leg.OUT),
                    new Index("i", columns(), Leg.IN),
                    new Index("s", s, Leg.BOND)));
            if (ranks[g] == 0) {
                networks.add(new OperatorNetwork(
                        new TensorNetwork(
                                operator,
                                indices,
                                List.of(
                                        new Site(SiteNames.own(operator, 0), List.of("o", "s")),
                                        new Site(shared, List.of("s", "i")))),
                        Map.of(
                                SiteNames.own(operator, 0),
                                lefts[g].columns(0, s).data(),
                                shared,
                                basis)));
                continue;
            }
            LinearAlgebra.Svd svd = algebra.svd(lefts[g].columns(0, s));
            int r = Math.min(ranks[g], svd.values().length);
            indices.add(new Index("r", r, Leg.BOND));
            Matrix middle = svd.vt().rows(0, r).scaleRows(Arrays.copyOf(svd.values(), r));
            networks.add(new OperatorNetwork(
                    new TensorNetwork(
                            operator,
                            indices,
                            List.of(
                                    new Site(SiteNames.own(operator, 0), List.of("o", "r")),
                                    new Site(SiteNames.own(operator, 1), List.of("r", "s")),
                                    new Site(shared, List.of("s", "i")))),
                    Map.of(
                            SiteNames.own(operator, 0),
                            svd.u().columns(0, r).data(),
                            SiteNames.own(operator, 1),
                            middle.data(),
                            shared,
                            basis)));
        }
        return networks;
    }
}
