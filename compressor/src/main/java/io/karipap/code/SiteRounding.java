package io.karipap.code;

import io.karipap.kernels.Quantizer;
import io.karipap.kernels.WeightType;
import io.karipap.linalg.LinearAlgebra;
import io.karipap.linalg.Matrix;
import io.karipap.network.Index;
import io.karipap.network.Leg;
import io.karipap.network.Site;
import io.karipap.operator.Metric;
import io.karipap.operator.OperatorNetwork;
import io.karipap.tensor.Einsum;
import io.karipap.tensor.NamedTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Rounds the sites of operators to 8- or 4-bit codes, those that read the input first; then the site that makes the output is solved for
 * again, which takes back what the others lost, and is rounded last.
 */
public final class SiteRounding {
    private final LinearAlgebra algebra;

    public SiteRounding(LinearAlgebra algebra) {
        this.algebra = algebra;
    }

    /**
     * @param networks operators that share tensors among themselves only
     * @param weights their matrices
     * @param metrics of their inputs
     */
    public List<OperatorNetwork> rounded(
            List<OperatorNetwork> networks, List<Matrix> weights, List<Metric> metrics, WeightType type) {
        Set<String> outputs = new HashSet<>();
        for (OperatorNetwork network : networks) {
            Site site = outputSite(network);
            if (site != null) {
                outputs.add(site.tensor());
            }
        }
        List<OperatorNetwork> rounded = new ArrayList<>();
        for (OperatorNetwork network : networks) {
            OperatorNetwork current = network;
            for (Site site : network.network().sites()) {
                if (!outputs.contains(site.tensor())) {
                    current = round(current, site, type);
                }
            }
            rounded.add(current);
        }
        for (String output : outputs) {
            List<Integer> users = new ArrayList<>();
            for (int g = 0; g < rounded.size(); g++) {
                if (rounded.get(g).tensors().containsKey(output)) {
                    users.add(g);
                }
            }
            double[] solved = solve(output, users, rounded, weights, metrics);
            for (int g : users) {
                OperatorNetwork with = rounded.get(g).with(output, solved);
                rounded.set(g, round(with, outputSite(with), type));
            }
        }
        return rounded;
    }

    private static OperatorNetwork round(OperatorNetwork network, Site site, WeightType type) {
        int columns = network.network().shape(site).getLast();
        return network.with(site.tensor(), rounded(network.tensors().get(site.tensor()), columns, type));
    }

    /** Rows of {@code columns} elements as codes and back. */
    static double[] rounded(double[] data, int columns, WeightType type) {
        double[] out = new double[data.length];
        float[] row = new float[columns];
        byte[] codes = new byte[columns];
        short[] scales = new short[WeightType.groups(columns)];
        for (int at = 0; at < data.length; at += columns) {
            for (int k = 0; k < columns; k++) {
                row[k] = (float) data[at + k];
            }
            Quantizer.quantize(type, row, columns, codes, scales);
            for (int k = 0; k < columns; k++) {
                out[at + k] = codes[k] * (double) Float.float16ToFloat(scales[k / WeightType.GROUP]);
            }
        }
        return out;
    }

    /** The one site that has out-legs of its own and no in-legs, or null. */
    private static Site outputSite(OperatorNetwork network) {
        List<String> out = network.legs(Leg.OUT);
        List<String> in = network.legs(Leg.IN);
        for (Site site : network.network().sites()) {
            if (site.indices().containsAll(out) && site.indices().stream().noneMatch(in::contains)) {
                boolean batched = network.network().sites().stream()
                        .anyMatch(other -> other != site && other.indices().containsAll(out));
                return batched ? null : site;
            }
        }
        return null;
    }

    /** Least squares for the output site, given all others, over all operators that share it. */
    private double[] solve(
            String output,
            List<Integer> users,
            List<OperatorNetwork> networks,
            List<Matrix> weights,
            List<Metric> metrics) {
        OperatorNetwork first = networks.get(users.getFirst());
        Site site = outputSite(first);
        List<String> copied = new ArrayList<>(); // out-legs that other sites have too
        List<String> own = new ArrayList<>();
        List<String> bonds = new ArrayList<>();
        for (String name : site.indices()) {
            Index index = first.network().index(name);
            boolean shared = first.network().sites().stream()
                    .anyMatch(other -> other != site && other.indices().contains(name));
            (index.leg() == Leg.BOND ? bonds : shared ? copied : own).add(name);
        }
        NamedTensor old = first.site(first.network().sites().indexOf(site));
        int batches = old.size(copied);
        int p = old.size(own);
        int r = old.size(bonds);
        Matrix[] grams = new Matrix[batches];
        Matrix[] targets = new Matrix[batches];
        for (int g : users) {
            OperatorNetwork network = networks.get(g);
            List<NamedTensor> others = network.sites();
            others.remove(network.network().sites().indexOf(outputSite(network)));
            List<String> open = new ArrayList<>(copied);
            open.addAll(bonds);
            open.addAll(network.legs(Leg.IN));
            NamedTensor rest = Einsum.contract(others, open, algebra);
            List<String> rows = new ArrayList<>(copied);
            rows.addAll(own);
            Matrix w = network.asTensor(weights.get(g)).matrix(rows, network.legs(Leg.IN));
            int n = w.columns();
            for (int b = 0; b < batches; b++) {
                Matrix x = new Matrix(r, n, Arrays.copyOfRange(rest.data(), b * r * n, (b + 1) * r * n));
                Matrix xc = algebra.multiply(x, metrics.get(g).moment());
                Matrix gram = algebra.multiply(xc, false, x, true);
                Matrix target = algebra.multiply(xc, false, w.rows(b * p, (b + 1) * p), true); // [r, p]
                grams[b] = grams[b] == null ? gram : grams[b].addInPlace(1, gram);
                targets[b] = targets[b] == null ? target : targets[b].addInPlace(1, target);
            }
        }
        Map<String, Integer> sizes = new HashMap<>();
        site.indices().forEach(name -> sizes.put(name, old.size(name)));
        List<String> names = new ArrayList<>(copied);
        names.addAll(own);
        names.addAll(bonds);
        double[] solved = new double[batches * p * r];
        for (int b = 0; b < batches; b++) {
            double ridge = 1e-9 * Math.max(grams[b].trace() / r, Double.MIN_NORMAL);
            Matrix a = algebra.solvePositive(grams[b].addToDiagonal(ridge), targets[b])
                    .transposed(); // [p, r]
            System.arraycopy(a.data(), 0, solved, b * p * r, p * r);
        }
        int[] shape = names.stream().mapToInt(sizes::get).toArray();
        return new NamedTensor(names, shape, solved).ordered(site.indices()).data();
    }
}
