package io.karipap.trg;

import io.karipap.linalg.LinearAlgebra;
import io.karipap.linalg.Matrix;
import io.karipap.tensor.NamedTensor;
import java.util.List;

/**
 * The plain TRG of Levin and Nave, PRL 99, 120601 (2007): every site is split in two by a truncated SVD, along one diagonal on the even
 * sublattice and along the other on the odd one; the four halves that look at a plaquette make a site of a lattice turned by 45°.
 *
 * <pre>
 *    NW ─a─ NE          each of the four is a half of a site
 *     │d    │b          new legs: u = NW, r = NE, d = SE, l = SW
 *    SW ─c─ SE
 * </pre>
 *
 * @param chi largest bond dimension
 * @param algebra computes
 */
public record LevinNave(int chi, LinearAlgebra algebra) implements Renormalization {
    @Override
    public String name() {
        return "TRG";
    }

    /** Two halves of a site: {@code T ≈ near · far}, summed over the index {@code k}, and the discarded weight. */
    private record Halves(NamedTensor near, NamedTensor far, double discarded) {}

    private Halves split(NamedTensor site, List<String> near, List<String> far) {
        LinearAlgebra.Svd svd = algebra.svd(site.matrix(near, far));
        int kept = Truncation.rank(svd.values(), chi);
        double[] roots = new double[kept];
        for (int i = 0; i < kept; i++) {
            roots[i] = Math.sqrt(svd.values()[i]);
        }
        Matrix u = svd.u().columns(0, kept).scaleColumns(roots);
        Matrix vt = svd.vt().rows(0, kept).scaleRows(roots);
        return new Halves(
                NamedTensor.of(
                        u,
                        List.of(near.get(0), near.get(1), "k"),
                        site.size(near.get(0)),
                        site.size(near.get(1)),
                        kept),
                NamedTensor.of(
                        vt, List.of("k", far.get(0), far.get(1)), kept, site.size(far.get(0)), site.size(far.get(1))),
                Truncation.discardedWeight(svd.values(), kept));
    }

    @Override
    public Step step(NamedTensor site, int number) {
        Halves even = split(site, List.of("l", "u"), List.of("r", "d"));
        Halves odd = split(site, List.of("u", "r"), List.of("l", "d"));
        NamedTensor northWest = named(even.far(), "r", "a", "d", "d", "u'");
        NamedTensor northEast = named(odd.far(), "l", "a", "d", "b", "r'");
        NamedTensor southEast = named(even.near(), "l", "c", "u", "b", "d'");
        NamedTensor southWest = named(odd.near(), "r", "c", "u", "d", "l'");
        NamedTensor north = northWest.times(northEast, algebra); // u' d r' b
        NamedTensor south = southWest.times(southEast, algebra); // l' d d' b
        NamedTensor coarse = north.times(south, algebra);
        for (String leg : List.of("u", "l", "d", "r")) {
            coarse = coarse.renamed(leg + "'", leg);
        }
        return new Step(coarse.ordered(List.of("u", "l", "d", "r")), Math.max(even.discarded(), odd.discarded()));
    }

    /** Renames two legs and the new bond, all at once. */
    private static NamedTensor named(
            NamedTensor half, String leg1, String bond1, String leg2, String bond2, String newLeg) {
        return half.renamed("k", newLeg)
                .renamed(leg1, "1")
                .renamed(leg2, "2")
                .renamed("1", bond1)
                .renamed("2", bond2);
    }
}
