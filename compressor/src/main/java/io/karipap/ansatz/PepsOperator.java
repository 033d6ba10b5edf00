package io.karipap.ansatz;

import io.karipap.linalg.LinearAlgebra;
import io.karipap.network.Index;
import io.karipap.network.Leg;
import io.karipap.network.Site;
import io.karipap.network.TensorNetwork;
import io.karipap.operator.OperatorNetwork;
import io.karipap.operator.SiteNames;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An operator as a lattice of sites (projected entangled pairs; Verstraete and Cirac, arXiv cond-mat/0407066): site (x, y) carries an
 * out-digit, an in-digit and bonds to its neighbours.
 *
 * <pre>
 *   T(0,0) ── h0_0 ── T(1,0)      every T with its legs o, i
 *     │                 │         h: bond to the right, v: bond down
 *    v0_0              v1_0
 *     │                 │
 *   T(0,1) ── h0_1 ── T(1,1)
 * </pre>
 *
 * <p>It begins as a chain along a snake through the lattice, left to right and back; the bonds beside the snake begin at dimension 1. With
 * the snake's full bonds it is exact.
 */
public final class PepsOperator {
    private PepsOperator() {}

    /**
     * The shape of a lattice with open edges.
     *
     * @param width Lx
     * @param height Ly
     */
    public record Lattice(int width, int height) {
        /** Sites. */
        public int sites() {
            return width * height;
        }

        /** The bond from (x, y) to the right, or null at the edge. */
        public String right(int x, int y) {
            return x + 1 < width ? "h" + x + "_" + y : null;
        }

        /** The bond from (x, y) down, or null at the edge. */
        public String down(int x, int y) {
            return y + 1 < height ? "v" + x + "_" + y : null;
        }

        /** The bond from (x, y) to the left, or null at the edge. */
        public String left(int x, int y) {
            return x > 0 ? right(x - 1, y) : null;
        }

        /** The bond from (x, y) up, or null at the edge. */
        public String up(int x, int y) {
            return y > 0 ? down(x, y - 1) : null;
        }

        /** Position on the snake of (x, y). */
        int onSnake(int x, int y) {
            return y * width + (y % 2 == 0 ? x : width - 1 - x);
        }
    }

    /**
     * The snake, with bonds of at most {@code bond} along it.
     *
     * @param out digits of m along the snake
     * @param in digits of n along the snake
     */
    public static OperatorNetwork snake(
            Original original, Lattice lattice, int[] out, int[] in, int bond, LinearAlgebra algebra) {
        OperatorNetwork chain = MatrixProduct.of(original, out, in, bond, algebra);
        Map<String, Integer> bonds = new LinkedHashMap<>();
        List<Site> sites = new ArrayList<>();
        Map<String, double[]> tensors = new HashMap<>();
        for (int y = 0; y < lattice.height(); y++) {
            for (int x = 0; x < lattice.width(); x++) {
                int at = lattice.onSnake(x, y);
                Map<String, String> chainBond = new HashMap<>(); // lattice bond → bond of the chain
                String forward = y % 2 == 0 ? lattice.right(x, y) : lattice.left(x, y);
                boolean rowEnds = at % lattice.width() == lattice.width() - 1;
                if (at + 1 < lattice.sites()) {
                    chainBond.put(rowEnds ? lattice.down(x, y) : forward, "b" + at);
                }
                if (at > 0) {
                    String back = y % 2 == 0 ? lattice.left(x, y) : lattice.right(x, y);
                    chainBond.put(at % lattice.width() == 0 ? lattice.up(x, y) : back, "b" + (at - 1));
                }
                List<String> names = new ArrayList<>();
                List<String> chainNames = new ArrayList<>();
                names.add("o" + at);
                chainNames.add("o" + at);
                for (String lattices :
                        new String[] {lattice.up(x, y), lattice.left(x, y), lattice.down(x, y), lattice.right(x, y)}) {
                    if (lattices != null) {
                        names.add(lattices);
                        String own = chainBond.get(lattices);
                        bonds.put(
                                lattices,
                                own == null ? 1 : chain.network().index(own).size());
                        if (own != null) {
                            chainNames.add(own);
                        }
                    }
                }
                names.add("i" + at);
                chainNames.add("i" + at);
                String tensor = SiteNames.own(original.operator(), y * lattice.width() + x);
                sites.add(new Site(tensor, names));
                tensors.put(tensor, chain.site(at).ordered(chainNames).data());
            }
        }
        List<Index> indices = MatrixProduct.indices(out, in);
        bonds.forEach((name, size) -> indices.add(new Index(name, size, Leg.BOND)));
        return new OperatorNetwork(new TensorNetwork(original.operator(), indices, sites), tensors);
    }
}
