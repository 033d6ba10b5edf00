package io.karipap.ansatz;

import io.karipap.ansatz.PepsOperator.Lattice;
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
import io.karipap.trg.BondTruncation;
import io.karipap.trg.FiniteLattice;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes the bonds of an open PEPS operator smaller, and its lattice coarser. The environment of a bond is that of the double layer: every
 * site with itself, summed over its physical legs, with C's marginal between the two in-legs.
 */
public final class LatticeRenormalization {
    private final Lattice lattice;
    private final int chi;
    private final LinearAlgebra algebra;
    private final Map<String, Matrix> marginals = new HashMap<>();
    private final List<Double> discarded = new ArrayList<>();

    /**
     * @param network a network of {@link PepsOperator}: site number {@code y·Lx + x} is at (x, y)
     * @param chi bond dimension of the boundary rows by which environments are contracted
     */
    public LatticeRenormalization(
            OperatorNetwork network, Lattice lattice, Metric metric, int chi, LinearAlgebra algebra) {
        this.lattice = lattice;
        this.chi = chi;
        this.algebra = algebra;
        List<String> in = network.legs(Leg.IN);
        int[] digits = in.stream()
                .mapToInt(name -> network.network().index(name).size())
                .toArray();
        Matrix[] factors = MatrixProduct.marginalFactors(metric, digits, algebra);
        for (int i = 0; i < digits.length; i++) {
            marginals.put(in.get(i), factors[i]);
        }
    }

    /** Discarded weight of every truncation so far. */
    public List<Double> discardedWeights() {
        return List.copyOf(discarded);
    }

    /** Every bond cut to at most {@code size}, each in its environment, one after the other. */
    public OperatorNetwork truncated(OperatorNetwork network, int size) {
        OperatorNetwork current = network;
        for (int y = 0; y < lattice.height(); y++) {
            for (int x = 0; x < lattice.width(); x++) {
                if (lattice.right(x, y) != null) {
                    current = truncate(current, lattice.right(x, y), at(x, y), at(x + 1, y), size, x, y, false);
                }
                if (lattice.down(x, y) != null) {
                    current = truncate(current, lattice.down(x, y), at(x, y), at(x, y + 1), size, y, x, true);
                }
            }
        }
        return current;
    }

    private int at(int x, int y) {
        return y * lattice.width() + x;
    }

    private OperatorNetwork truncate(
            OperatorNetwork network, String bond, int first, int second, int size, int column, int row, boolean down) {
        int old = network.network().index(bond).size();
        if (old <= size) {
            return network;
        }
        FiniteLattice layers = doubleLayer(network);
        Matrix environment = (down ? layers.turned() : layers).bondEnvironment(column, row, algebra);
        BondTruncation cut = BondTruncation.of(environment, old, size, algebra);
        discarded.add(cut.discardedWeight());
        return replaced(network, bond, first, second, size, cut.left(), cut.right());
    }

    /**
     * The same with every bond cut by the SVD of its two sites alone, as if nothing surrounded them.
     */
    public OperatorNetwork truncatedLocally(OperatorNetwork network, int size) {
        OperatorNetwork current = network;
        for (int y = 0; y < lattice.height(); y++) {
            for (int x = 0; x < lattice.width(); x++) {
                if (lattice.right(x, y) != null) {
                    current = truncateLocally(current, lattice.right(x, y), at(x, y), at(x + 1, y), size);
                }
                if (lattice.down(x, y) != null) {
                    current = truncateLocally(current, lattice.down(x, y), at(x, y), at(x, y + 1), size);
                }
            }
        }
        return current;
    }

    private OperatorNetwork truncateLocally(OperatorNetwork network, String bond, int first, int second, int size) {
        int old = network.network().index(bond).size();
        if (old <= size) {
            return network;
        }
        Matrix left = density(whitened(network.site(first)), bond);
        Matrix right = density(whitened(network.site(second)), bond);
        Matrix product = Matrix.zeros(old * old, old * old); // the environment if the two sites were all there is
        for (int i = 0; i < old * old; i++) {
            for (int j = 0; j < old * old; j++) {
                product.set(i, j, left.data()[i] * right.data()[j]);
            }
        }
        BondTruncation cut = BondTruncation.of(product, old, size, algebra);
        discarded.add(cut.discardedWeight());
        return replaced(network, bond, first, second, size, cut.left(), cut.right());
    }

    private Matrix density(NamedTensor site, String bond) {
        return site.times(site.renamed(bond, "*"), algebra).matrix(List.of(bond), List.of("*"));
    }

    /** The site with its in-legs multiplied by L of their marginals. */
    private NamedTensor whitened(NamedTensor site) {
        NamedTensor white = site;
        for (String name : site.names()) {
            Matrix l = marginals.get(name);
            if (l != null) {
                white = white.times(NamedTensor.of(l, List.of(name, "white"), l.rows(), l.columns()), algebra)
                        .renamed("white", name);
            }
        }
        return white;
    }

    private FiniteLattice doubleLayer(OperatorNetwork network) {
        List<List<NamedTensor>> rows = new ArrayList<>();
        for (int y = 0; y < lattice.height(); y++) {
            List<NamedTensor> row = new ArrayList<>();
            for (int x = 0; x < lattice.width(); x++) {
                NamedTensor site = whitened(network.site(at(x, y)));
                NamedTensor image = site;
                String[] bonds = {lattice.up(x, y), lattice.left(x, y), lattice.down(x, y), lattice.right(x, y)};
                List<String> order = new ArrayList<>();
                int[] sizes = {1, 1, 1, 1};
                for (int leg = 0; leg < 4; leg++) {
                    if (bonds[leg] != null) {
                        image = image.renamed(bonds[leg], bonds[leg] + "*");
                        order.add(bonds[leg]);
                        order.add(bonds[leg] + "*");
                        sizes[leg] = site.size(bonds[leg]) * site.size(bonds[leg]);
                    }
                }
                NamedTensor pair = site.times(image, algebra).ordered(order);
                row.add(new NamedTensor(List.of("u", "l", "d", "r"), sizes, pair.data()));
            }
            rows.add(row);
        }
        return new FiniteLattice(rows, chi);
    }

    /** Puts P on the bond's end at one site and Q on its end at the other. */
    private OperatorNetwork replaced(
            OperatorNetwork network, String bond, int first, int second, int size, Matrix p, Matrix q) {
        Site a = network.network().sites().get(first);
        Site b = network.network().sites().get(second);
        int old = network.network().index(bond).size();
        NamedTensor newA = network.site(first)
                .times(NamedTensor.of(p, List.of(bond, "new"), old, size), algebra)
                .renamed("new", bond)
                .ordered(a.indices());
        NamedTensor newB = network.site(second)
                .times(NamedTensor.of(q.transposed(), List.of(bond, "new"), old, size), algebra)
                .renamed("new", bond)
                .ordered(b.indices());
        List<Index> indices = network.network().indices().stream()
                .map(index -> index.name().equals(bond) ? new Index(bond, size, Leg.BOND) : index)
                .toList();
        Map<String, double[]> tensors = new HashMap<>(network.tensors());
        tensors.put(a.tensor(), newA.data());
        tensors.put(b.tensor(), newB.data());
        return new OperatorNetwork(
                new TensorNetwork(
                        network.network().operator(), indices, network.network().sites()),
                tensors);
    }

    /** A network and the lattice that its sites lie on. */
    public record Coarse(OperatorNetwork network, Lattice lattice) {}

    /**
     * Contracts each two neighbours of a row into one site, whose physical legs are those of both; the two bonds that then run side by
     * side become one. Nothing is lost; {@link #truncated} on the new lattice makes it cheap.
     */
    public static Coarse coarse(OperatorNetwork network, Lattice lattice, LinearAlgebra algebra) {
        Lattice half = new Lattice(lattice.width() / 2, lattice.height());
        Map<String, Integer> bonds = new HashMap<>();
        List<Site> sites = new ArrayList<>();
        Map<String, double[]> tensors = new HashMap<>();
        for (int y = 0; y < half.height(); y++) {
            for (int x = 0; x < half.width(); x++) {
                int first = y * lattice.width() + 2 * x;
                NamedTensor pair = network.site(first).times(network.site(first + 1), algebra);
                List<String> physical = pair.names().stream()
                        .filter(name -> network.network().index(name).leg() != Leg.BOND)
                        .toList();
                List<String> order = new ArrayList<>(physical);
                List<String> names = new ArrayList<>(physical);
                String[][] merged = {
                    {half.up(x, y), lattice.up(2 * x, y), lattice.up(2 * x + 1, y)},
                    {half.left(x, y), lattice.left(2 * x, y)},
                    {half.down(x, y), lattice.down(2 * x, y), lattice.down(2 * x + 1, y)},
                    {half.right(x, y), lattice.right(2 * x + 1, y)}
                };
                for (String[] bond : merged) {
                    if (bond[0] != null) {
                        int size = 1;
                        for (int i = 1; i < bond.length; i++) {
                            order.add(bond[i]);
                            size *= pair.size(bond[i]);
                        }
                        names.add(bond[0]);
                        bonds.put(bond[0], size);
                    }
                }
                String tensor = SiteNames.own(network.network().operator(), y * half.width() + x);
                sites.add(new Site(tensor, names));
                tensors.put(tensor, pair.ordered(order).data());
            }
        }
        List<Index> indices = new ArrayList<>(network.network().indices().stream()
                .filter(index -> index.leg() != Leg.BOND)
                .toList());
        bonds.forEach((name, size) -> indices.add(new Index(name, size, Leg.BOND)));
        return new Coarse(
                new OperatorNetwork(new TensorNetwork(network.network().operator(), indices, sites), tensors), half);
    }

    /** As {@link #coarse}, of each two neighbours of a column. */
    public static Coarse coarseDown(OperatorNetwork network, Lattice lattice, LinearAlgebra algebra) {
        Lattice half = new Lattice(lattice.width(), lattice.height() / 2);
        Coarse turned = coarse(turned(network, lattice), new Lattice(lattice.height(), lattice.width()), algebra);
        return new Coarse(turned(turned.network(), turned.lattice()), half);
    }

    /** Mirrored at the diagonal: only names and the order of sites change. */
    private static OperatorNetwork turned(OperatorNetwork network, Lattice lattice) {
        Lattice mirror = new Lattice(lattice.height(), lattice.width());
        Map<String, String> names = new HashMap<>();
        for (int y = 0; y < lattice.height(); y++) {
            for (int x = 0; x < lattice.width(); x++) {
                if (lattice.right(x, y) != null) {
                    names.put(lattice.right(x, y), mirror.down(y, x));
                }
                if (lattice.down(x, y) != null) {
                    names.put(lattice.down(x, y), mirror.right(y, x));
                }
            }
        }
        List<Index> indices = network.network().indices().stream()
                .map(index ->
                        index.leg() == Leg.BOND ? new Index(names.get(index.name()), index.size(), Leg.BOND) : index)
                .toList();
        List<Site> sites = new ArrayList<>();
        for (int y = 0; y < mirror.height(); y++) {
            for (int x = 0; x < mirror.width(); x++) {
                Site site = network.network().sites().get(x * lattice.width() + y);
                sites.add(new Site(
                        site.tensor(),
                        site.indices().stream()
                                .map(name -> names.getOrDefault(name, name))
                                .toList()));
            }
        }
        return new OperatorNetwork(new TensorNetwork(network.network().operator(), indices, sites), network.tensors());
    }
}
