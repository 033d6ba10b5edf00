package io.karipap.trg;

import io.karipap.linalg.LinearAlgebra;
import io.karipap.linalg.Matrix;
import io.karipap.tensor.NamedTensor;
import java.util.ArrayList;
import java.util.List;

/**
 * A lattice with open edges whose sites {@code T[u, l, d, r]} may all differ; legs at the edges have dimension 1. Rows are merged into one
 * boundary row from above and from below, whose bonds HOTRG isometries keep at χ or less; as long as χ is large enough nothing is lost.
 *
 * @param rows sites by row and column
 * @param chi largest bond dimension of a boundary row
 */
public record FiniteLattice(List<List<NamedTensor>> rows, int chi) {
    private static final List<String> LEGS = List.of("u", "l", "d", "r");

    /** The same mirrored at the diagonal: rows become columns. */
    public FiniteLattice turned() {
        List<List<NamedTensor>> columns = new ArrayList<>();
        for (int x = 0; x < rows.getFirst().size(); x++) {
            List<NamedTensor> column = new ArrayList<>();
            for (List<NamedTensor> row : rows) {
                column.add(new NamedTensor(
                                List.of("l", "u", "r", "d"),
                                row.get(x).ordered(LEGS).sizes(),
                                row.get(x).ordered(LEGS).data())
                        .ordered(LEGS));
            }
            columns.add(column);
        }
        return new FiniteLattice(columns, chi);
    }

    /** The contraction of everything. */
    public double value(LinearAlgebra algebra) {
        List<NamedTensor> all = boundary(0, rows.size(), algebra);
        NamedTensor product = all.getFirst();
        for (int x = 1; x < all.size(); x++) {
            product = product.renamed("r", "x").renamed("u", "u1").renamed("d", "d1");
            product = product.times(all.get(x).renamed("l", "x"), algebra);
            product = new NamedTensor(LEGS, new int[] {1, 1, 1, product.size("r")}, product.data());
        }
        return product.data()[0];
    }

    /**
     * What surrounds the bond from (x, y) to (x + 1, y).
     *
     * @return [bond dimension, bond dimension]: entry (j, k) is the contraction of everything with the left end of the bond at j and its
     *     right end at k
     */
    public Matrix bondEnvironment(int x, int y, LinearAlgebra algebra) {
        List<NamedTensor> above = boundary(0, y, algebra);
        List<NamedTensor> below = boundary(y + 1, rows.size(), algebra);
        NamedTensor left = null;
        for (int column = 0; column <= x; column++) {
            left = absorb(left, above, column, y, below, false, algebra);
        }
        NamedTensor right = null;
        for (int column = rows.get(y).size() - 1; column > x; column--) {
            right = absorb(right, above, column, y, below, true, algebra);
        }
        return left.renamed("m", "j").times(right.renamed("m", "k"), algebra).matrix(List.of("j"), List.of("k"));
    }

    /** The part so far, [t, m, b] by the legs of the upper boundary, the row and the lower boundary, with one more column. */
    private NamedTensor absorb(
            NamedTensor part,
            List<NamedTensor> above,
            int column,
            int y,
            List<NamedTensor> below,
            boolean fromRight,
            LinearAlgebra algebra) {
        String in = fromRight ? "r" : "l";
        String out = fromRight ? "l" : "r";
        NamedTensor site = rows.get(y).get(column).renamed(in, "m").renamed(out, "m'");
        NamedTensor start =
                part == null ? new NamedTensor(List.of("t", "m", "b"), new int[] {1, 1, 1}, new double[] {1}) : part;
        return start.times(rail(above, column, in, out, "t", "u"), algebra)
                .times(site, algebra)
                .times(rail(below, column, in, out, "b", "d"), algebra)
                .ordered(List.of("t'", "m'", "b'"))
                .renamed("t'", "t")
                .renamed("m'", "m")
                .renamed("b'", "b");
    }

    /**
     * A site of a boundary row, with its outer leg dropped and its inner leg named as the row's leg that it meets.
     *
     * @param boundary null beyond an edge
     * @param bond name of the bond on which it comes in; it goes out on the same with a prime
     * @param met leg of the row between: {@code u} or {@code d}, which is the boundary's outer leg too
     */
    private static NamedTensor rail(
            List<NamedTensor> boundary, int column, String in, String out, String bond, String met) {
        if (boundary == null) {
            return edge(bond, bond + "'", met);
        }
        String inner = met.equals("u") ? "d" : "u";
        return dropped(boundary.get(column), met, List.of(in, out, inner))
                .renamed(in, bond)
                .renamed(out, bond + "'")
                .renamed(inner, met);
    }

    private static NamedTensor edge(String in, String out, String side) {
        return new NamedTensor(List.of(in, out, side), new int[] {1, 1, 1}, new double[] {1});
    }

    /** Without a leg of dimension 1. */
    private static NamedTensor dropped(NamedTensor site, String leg, List<String> rest) {
        List<String> order = new ArrayList<>(List.of(leg));
        order.addAll(rest);
        int[] sizes = rest.stream().mapToInt(site::size).toArray();
        return new NamedTensor(rest, sizes, site.ordered(order).data());
    }

    /** Rows [from, to) as one row, or null if there are none. */
    private List<NamedTensor> boundary(int from, int to, LinearAlgebra algebra) {
        List<NamedTensor> row = null;
        boolean upper = from == 0;
        for (int i = 0; i < to - from; i++) {
            List<NamedTensor> next = rows.get(upper ? from + i : to - 1 - i);
            row = row == null ? next : upper ? merged(row, next, algebra) : merged(next, row, algebra);
        }
        return row;
    }

    /** Two rows as one: pairs of sites become one site, the two bonds between neighbours one of at most χ. */
    private List<NamedTensor> merged(List<NamedTensor> above, List<NamedTensor> below, LinearAlgebra algebra) {
        int width = above.size();
        NamedTensor[] upper = new NamedTensor[width];
        NamedTensor[] lower = new NamedTensor[width];
        for (int x = 0; x < width; x++) {
            upper[x] = above.get(x).renamed("d", "x");
            lower[x] = below.get(x).renamed("u", "x").renamed("l", "l'").renamed("r", "r'");
        }
        NamedTensor leftEnd = null; // (l, l') → a, for the site to the right of a bond
        List<NamedTensor> row = new ArrayList<>();
        for (int x = 0; x < width; x++) {
            Projectors bond = x + 1 < width
                    ? projectors(upper[x], lower[x], upper[x + 1], lower[x + 1], algebra)
                    : Projectors.fused(upper[x].size("r"), lower[x].size("r'"));
            NamedTensor onLeft = leftEnd != null
                    ? leftEnd
                    : Projectors.fused(upper[x].size("l"), lower[x].size("l'")).right();
            NamedTensor site = upper[x].times(onLeft, algebra)
                    .times(lower[x], algebra)
                    .times(bond.left(), algebra)
                    .renamed("a", "l")
                    .renamed("b", "r");
            row.add(site.ordered(LEGS));
            leftEnd = bond.right();
        }
        return row;
    }

    /**
     * What is put on the two bonds between neighbours: {@code left [r, r', b]} on their left end, {@code right [l, l', a]} on their right
     * end; joined over a = b they are nearly one.
     */
    private record Projectors(NamedTensor left, NamedTensor right) {
        static Projectors fused(int first, int second) {
            double[] identity = Matrix.identity(first * second).data();
            return new Projectors(
                    new NamedTensor(List.of("r", "r'", "b"), new int[] {first, second, first * second}, identity),
                    new NamedTensor(List.of("l", "l'", "a"), new int[] {first, second, first * second}, identity));
        }
    }

    /** Keeps the χ largest singular values of what the two neighbouring pairs make of the bond together. */
    private Projectors projectors(
            NamedTensor upperLeft,
            NamedTensor lowerLeft,
            NamedTensor upperRight,
            NamedTensor lowerRight,
            LinearAlgebra algebra) {
        int first = upperLeft.size("r");
        int second = lowerLeft.size("r'");
        if (first * second <= chi) {
            return Projectors.fused(first, second);
        }
        Matrix a = root(density(upperLeft, lowerLeft, "r", algebra), algebra);
        Matrix b = root(density(upperRight, lowerRight, "l", algebra), algebra);
        LinearAlgebra.Svd svd = algebra.svd(algebra.multiply(a, true, b, false));
        int kept = Truncation.rank(svd.values(), chi);
        double[] inverse = new double[kept];
        for (int i = 0; i < kept; i++) {
            inverse[i] = 1 / Math.sqrt(svd.values()[i]);
        }
        Matrix left = algebra.multiply(b, false, svd.vt().rows(0, kept), true).scaleColumns(inverse);
        Matrix right = algebra.multiply(a, svd.u().columns(0, kept)).scaleColumns(inverse);
        return new Projectors(
                NamedTensor.of(left, List.of("r", "r'", "b"), first, second, kept),
                NamedTensor.of(right, List.of("l", "l'", "a"), first, second, kept));
    }

    /** M M† over the pair of legs on one side. */
    private static Matrix density(NamedTensor upper, NamedTensor lower, String side, LinearAlgebra algebra) {
        NamedTensor above = upper.times(upper.renamed(side, side + "*").renamed("x", "x*"), algebra);
        NamedTensor below = lower.times(lower.renamed(side + "'", side + "'*").renamed("x", "x*"), algebra);
        return above.times(below, algebra).matrix(List.of(side, side + "'"), List.of(side + "*", side + "'*"));
    }

    /** A with A Aᵀ = the matrix. */
    private static Matrix root(Matrix symmetric, LinearAlgebra algebra) {
        LinearAlgebra.Eigen eigen = algebra.symmetricEigen(symmetric);
        double[] roots = new double[eigen.values().length];
        for (int i = 0; i < roots.length; i++) {
            roots[i] = Math.sqrt(Math.max(0, eigen.values()[i]));
        }
        return eigen.vectors().copy().scaleColumns(roots);
    }
}
