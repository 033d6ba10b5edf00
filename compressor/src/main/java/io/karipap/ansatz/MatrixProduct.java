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
import io.karipap.tensor.NamedTensor;
import io.karipap.trg.Truncation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A chain of sites (matrix product operator), by sequential SVDs (Oseledets, SIAM J. Sci. Comput. 33, 2295, 2011). An in-leg is whitened
 * by the part of C that is its own, which is all of the metric that a chain can absorb; alternating least squares do the rest.
 *
 * <pre>
 *   o0        o1        o2
 *   │         │         │
 *   T0 ─ b0 ─ T1 ─ b1 ─ T2
 *   │         │         │
 *   i0        i1        i2
 * </pre>
 */
public final class MatrixProduct {
    private MatrixProduct() {}

    /**
     * @param original operator [m, n]
     * @param out digits of m
     * @param in digits of n, as many
     * @param bond largest bond dimension; large enough, nothing is lost
     */
    public static OperatorNetwork of(Original original, int[] out, int[] in, int bond, LinearAlgebra algebra) {
        int length = out.length;
        Matrix[] factors = marginalFactors(original.metric(), in, algebra);
        NamedTensor rest = split(original.weights(), out, in);
        for (int x = 0; x < length; x++) {
            rest = applied(rest, factors[x], "i" + x, false, algebra);
        }
        List<Index> indices = indices(out, in);
        List<Site> sites = new ArrayList<>();
        Map<String, double[]> tensors = new LinkedHashMap<>();
        for (int x = 0; x < length; x++) {
            List<String> own = new ArrayList<>();
            if (x > 0) {
                own.add("b" + (x - 1));
            }
            own.add("o" + x);
            own.add("i" + x);
            NamedTensor site;
            if (x == length - 1) {
                site = rest.ordered(own);
            } else {
                List<String> others = rest.names().stream()
                        .filter(name -> !own.contains(name))
                        .toList();
                LinearAlgebra.Svd svd = algebra.svd(rest.matrix(own, others));
                int kept = Truncation.rank(svd.values(), bond);
                indices.add(new Index("b" + x, kept, Leg.BOND));
                List<String> names = new ArrayList<>(own);
                names.add("b" + x);
                int[] sizes = sizes(names, rest, "b" + x, kept);
                site = NamedTensor.of(svd.u().columns(0, kept), names, sizes);
                List<String> restNames = new ArrayList<>(List.of("b" + x));
                restNames.addAll(others);
                Matrix remainder = svd.vt().rows(0, kept).scaleRows(Arrays.copyOf(svd.values(), kept));
                rest = NamedTensor.of(remainder, restNames, sizes(restNames, rest, "b" + x, kept));
            }
            site = applied(site, factors[x], "i" + x, true, algebra);
            // contracted from the right end on: legs in and right bond last, so that groups of codes run along them
            List<String> stored = new ArrayList<>();
            stored.add("o" + x);
            if (x > 0) {
                stored.add("b" + (x - 1));
            }
            if (x < length - 1) {
                stored.add("b" + x);
            }
            stored.add("i" + x);
            sites.add(new Site(SiteNames.own(original.operator(), x), stored));
            tensors.put(
                    SiteNames.own(original.operator(), x), site.ordered(stored).data());
        }
        return new OperatorNetwork(new TensorNetwork(original.operator(), indices, sites), tensors);
    }

    /** Squared singular values of the cut after the first of two sites, in-legs whitened: what a smaller bond drops. */
    public static double[] bondEnergies(Matrix w, Metric metric, int[] out, int[] in, LinearAlgebra algebra) {
        NamedTensor tensor = split(w, out, in);
        Matrix[] factors = marginalFactors(metric, in, algebra);
        for (int x = 0; x < in.length; x++) {
            tensor = applied(tensor, factors[x], "i" + x, false, algebra);
        }
        double[] energies = algebra.svd(tensor.matrix(List.of("o0", "i0"), List.of("o1", "i1")))
                .values();
        for (int i = 0; i < energies.length; i++) {
            energies[i] *= energies[i];
        }
        return energies;
    }

    private static int[] sizes(List<String> names, NamedTensor from, String bond, int size) {
        return names.stream()
                .mapToInt(name -> name.equals(bond) ? size : from.size(name))
                .toArray();
    }

    /** The physical legs {@code o0, o1, …, i0, i1, …}. */
    static List<Index> indices(int[] out, int[] in) {
        List<Index> indices = new ArrayList<>();
        for (int x = 0; x < out.length; x++) {
            indices.add(new Index("o" + x, out[x], Leg.OUT));
        }
        for (int x = 0; x < in.length; x++) {
            indices.add(new Index("i" + x, in[x], Leg.IN));
        }
        return indices;
    }

    /** W with the indices {@code o0, o1, …, i0, i1, …}. */
    static NamedTensor split(Matrix w, int[] out, int[] in) {
        List<String> names = new ArrayList<>();
        int[] sizes = new int[out.length + in.length];
        for (int x = 0; x < out.length; x++) {
            names.add("o" + x);
            sizes[x] = out[x];
        }
        for (int x = 0; x < in.length; x++) {
            names.add("i" + x);
            sizes[out.length + x] = in[x];
        }
        return new NamedTensor(names, sizes, w.data());
    }

    /** The Cholesky factor of C's marginal on every in-digit: C summed over the diagonal of all others, of mean 1. */
    static Matrix[] marginalFactors(Metric metric, int[] in, LinearAlgebra algebra) {
        Matrix[] factors = new Matrix[in.length];
        Matrix c = metric.moment();
        int after = c.rows();
        for (int x = 0; x < in.length; x++) {
            after /= in[x];
            int before = c.rows() / (after * in[x]);
            Matrix marginal = Matrix.zeros(in[x], in[x]);
            for (int i = 0; i < in[x]; i++) {
                for (int j = 0; j < in[x]; j++) {
                    double sum = 0;
                    for (int b = 0; b < before; b++) {
                        for (int a = 0; a < after; a++) {
                            sum += c.get((b * in[x] + i) * after + a, (b * in[x] + j) * after + a);
                        }
                    }
                    marginal.set(i, j, sum);
                }
            }
            double mean = marginal.trace() / in[x];
            for (int i = 0; i < marginal.data().length; i++) {
                marginal.data()[i] /= mean;
            }
            factors[x] = algebra.cholesky(marginal.addToDiagonal(1e-9));
        }
        return factors;
    }

    /** The leg multiplied with L, or with L⁻¹ to undo that. */
    private static NamedTensor applied(
            NamedTensor tensor, Matrix l, String leg, boolean inverse, LinearAlgebra algebra) {
        List<String> others =
                tensor.names().stream().filter(name -> !name.equals(leg)).toList();
        Matrix matrix = tensor.matrix(others, List.of(leg));
        Matrix result =
                inverse ? algebra.solveLower(l, true, matrix.transposed()).transposed() : algebra.multiply(matrix, l);
        List<String> names = new ArrayList<>(others);
        names.add(leg);
        int[] sizes = names.stream().mapToInt(tensor::size).toArray();
        return NamedTensor.of(result, names, sizes).ordered(tensor.names());
    }
}
