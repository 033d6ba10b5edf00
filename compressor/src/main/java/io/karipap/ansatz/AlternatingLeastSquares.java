package io.karipap.ansatz;

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
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Optimises a network site by site: given all others, the best tensor of a site solves a linear problem, whose matrix is the site's
 * environment in the C metric. For chains and lattices, whose sites are small; every site a tensor of its own.
 *
 * <p>A proximal term holds a site near its last value where the environment does not determine it, so that no step can raise the error.
 */
public final class AlternatingLeastSquares {
    /** Most unknowns of one site's system: its matrix has as many squared. */
    private static final int MAX_UNKNOWNS = 4096;

    private static final double PROXIMAL = 1e-8;

    private final Matrix w;
    private final Matrix whitened; // W L
    private final Matrix factor; // L
    private final double energy;
    private final LinearAlgebra algebra;

    /**
     * @param w operator [m, n]
     */
    public AlternatingLeastSquares(Matrix w, Metric metric, LinearAlgebra algebra) {
        this.w = w;
        this.algebra = algebra;
        this.factor = metric.factor(algebra);
        this.whitened = algebra.multiply(w, factor);
        this.energy = whitened.dot(whitened);
    }

    /** Whether the systems of all sites are small enough to be solved. */
    public static boolean solvable(OperatorNetwork network) {
        return network.network().sites().stream().allMatch(site -> unknowns(network, site) <= MAX_UNKNOWNS);
    }

    /** In-digits times bonds of a site: what is to be found for every out-digit. */
    private static long unknowns(OperatorNetwork network, Site site) {
        return site.indices().stream()
                .map(network.network()::index)
                .filter(index -> index.leg() != Leg.OUT)
                .mapToLong(Index::size)
                .reduce(1, Math::multiplyExact);
    }

    /** The relative error. */
    public double error(OperatorNetwork network) {
        Matrix difference = algebra.multiply(w.minus(network.dense(algebra)), factor);
        return difference.dot(difference) / energy;
    }

    /**
     * Sweeps until the error falls by less than {@code tolerance} of itself, or {@code sweeps} times.
     *
     * @param errors the error after every sweep is added to it
     */
    public OperatorNetwork optimise(OperatorNetwork start, int sweeps, double tolerance, List<Double> errors) {
        Set<String> distinct = new HashSet<>();
        for (Site site : start.network().sites()) {
            if (!distinct.add(site.tensor())) {
                throw new IllegalArgumentException("site \"" + site.tensor() + "\" is tied: its problem is not linear");
            }
        }
        OperatorNetwork network = start;
        double last = error(start);
        for (int sweep = 0; sweep < sweeps; sweep++) {
            for (int site = 0; site < network.network().sites().size(); site++) {
                network = solve(network, site);
            }
            double now = error(network);
            errors.add(now);
            if (last - now < tolerance * last) {
                break;
            }
            last = now;
        }
        return network;
    }

    private OperatorNetwork solve(OperatorNetwork network, int number) {
        Site site = network.network().sites().get(number);
        NamedTensor old = network.site(number);
        List<String> ownOut = new ArrayList<>();
        List<String> otherOut = new ArrayList<>();
        List<String> ownIn = new ArrayList<>();
        List<String> otherIn = new ArrayList<>();
        List<String> bonds = new ArrayList<>();
        for (Index index : network.network().indices()) {
            boolean own = site.indices().contains(index.name());
            switch (index.leg()) {
                case OUT -> (own ? ownOut : otherOut).add(index.name());
                case IN -> (own ? ownIn : otherIn).add(index.name());
                case BOND -> {
                    if (own) {
                        bonds.add(index.name());
                    }
                }
            }
        }
        List<String> unknowns = new ArrayList<>(ownIn);
        unknowns.addAll(bonds);
        int size = old.size(unknowns);
        if (size > MAX_UNKNOWNS) {
            throw new IllegalArgumentException(
                    "site \"" + site.tensor() + "\" has " + size + " unknowns for every out-digit, at most "
                            + MAX_UNKNOWNS + " can be solved for; use smaller bonds");
        }
        NamedTensor environment = environment(network, number, otherOut, otherIn, bonds);
        // rows: (other out-digits, whitened input); columns: (own in-digit, bonds)
        Matrix design = design(network, environment, otherOut, ownIn, otherIn, bonds);
        Matrix target = target(network, ownOut, otherOut);
        Matrix normal = algebra.multiply(design, true, design, false);
        Matrix right = algebra.multiply(design, true, target, false); // [unknowns, own out]
        double proximal = PROXIMAL * Math.max(normal.trace() / size, Double.MIN_NORMAL);
        Matrix before = old.matrix(unknowns, ownOut);
        right.addInPlace(proximal, before);
        Matrix solved = algebra.solvePositive(normal.addToDiagonal(proximal), right);
        List<String> names = new ArrayList<>(unknowns);
        names.addAll(ownOut);
        int[] sizes = names.stream().mapToInt(old::size).toArray();
        return network.with(
                site.tensor(),
                NamedTensor.of(solved, names, sizes).ordered(site.indices()).data());
    }

    /** All other sites, contracted: the other physical legs and this site's bonds stay open. */
    private NamedTensor environment(
            OperatorNetwork network, int number, List<String> otherOut, List<String> otherIn, List<String> bonds) {
        List<NamedTensor> others = network.sites();
        others.remove(number);
        List<String> open = new ArrayList<>(otherOut);
        open.addAll(otherIn);
        open.addAll(bonds);
        return Einsum.contract(others, open, algebra);
    }

    private Matrix design(
            OperatorNetwork network,
            NamedTensor environment,
            List<String> otherOut,
            List<String> ownIn,
            List<String> otherIn,
            List<String> bonds) {
        List<String> in = network.legs(Leg.IN);
        List<String> names = new ArrayList<>(in);
        names.add("white");
        int[] sizes = new int[names.size()];
        for (int i = 0; i < in.size(); i++) {
            sizes[i] = network.network().index(in.get(i)).size();
        }
        sizes[in.size()] = factor.columns();
        NamedTensor l = new NamedTensor(names, sizes, factor.data());
        List<String> rows = new ArrayList<>(otherOut);
        rows.add("white");
        List<String> columns = new ArrayList<>(ownIn);
        columns.addAll(bonds);
        return environment.times(l, algebra).matrix(rows, columns);
    }

    /** W L with rows (other out-digits, whitened input) and columns (own out-digits). */
    private Matrix target(OperatorNetwork network, List<String> ownOut, List<String> otherOut) {
        List<String> out = network.legs(Leg.OUT);
        List<String> names = new ArrayList<>(out);
        names.add("white");
        int[] sizes = new int[names.size()];
        for (int i = 0; i < out.size(); i++) {
            sizes[i] = network.network().index(out.get(i)).size();
        }
        sizes[out.size()] = whitened.columns();
        List<String> rows = new ArrayList<>(otherOut);
        rows.add("white");
        return new NamedTensor(names, sizes, whitened.data()).matrix(rows, ownOut);
    }
}
