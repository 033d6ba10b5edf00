package io.karipap.trg;

import io.karipap.linalg.LinearAlgebra;
import io.karipap.linalg.Matrix;
import io.karipap.tensor.NamedTensor;
import java.util.List;

/**
 * TRG by higher-order SVD (Xie et al., PRB 86, 045139, 2012): two neighbours become one site, and an isometry cuts the two bonds that now
 * run side by side down to χ. Pairs are taken one above the other in even steps, one beside the other in odd ones.
 *
 * @param chi largest bond dimension
 * @param algebra computes
 */
public record Hotrg(int chi, LinearAlgebra algebra) implements Renormalization {
    @Override
    public String name() {
        return "HOTRG";
    }

    @Override
    public Step step(NamedTensor site, int number) {
        if (number % 2 == 0) {
            return stack(site);
        }
        Step turned = stack(turn(site));
        return new Step(turn(turned.site()), turned.discardedWeight());
    }

    /** Mirrored at the diagonal: u with l, d with r. */
    private static NamedTensor turn(NamedTensor site) {
        return new NamedTensor(List.of("l", "u", "r", "d"), site.sizes(), site.data())
                .ordered(List.of("u", "l", "d", "r"));
    }

    /** One site of each two that stand one above the other: {@code M[u, (l l'), d', (r r')] = Σ_x T[u, l, x, r] T[x, l', d', r']}. */
    private Step stack(NamedTensor site) {
        NamedTensor upper = site.renamed("d", "x");
        NamedTensor lower =
                site.renamed("u", "x").renamed("l", "l'").renamed("d", "d'").renamed("r", "r'");
        Isometry left = isometry(upper, lower, "l", "r");
        Isometry right = isometry(upper, lower, "r", "l");
        // the same isometry on both sides, because the bonds of neighbours meet; the better of two
        Isometry best = left.discarded() <= right.discarded() ? left : right;
        NamedTensor onLeft = isometry(best, "l", "l'", "a");
        NamedTensor onRight = isometry(best, "r", "r'", "b");
        NamedTensor coarse = upper.times(onLeft, algebra)
                .times(lower, algebra)
                .times(onRight, algebra)
                .ordered(List.of("u", "a", "d'", "b"));
        return new Step(new NamedTensor(List.of("u", "l", "d", "r"), coarse.sizes(), coarse.data()), best.discarded());
    }

    /**
     * @param vectors [χ₀·χ₀, kept]
     * @param size χ₀
     */
    private record Isometry(Matrix vectors, int size, double discarded) {}

    private static NamedTensor isometry(Isometry isometry, String first, String second, String coarse) {
        return NamedTensor.of(
                isometry.vectors(),
                List.of(first, second, coarse),
                isometry.size(),
                isometry.size(),
                isometry.vectors().columns());
    }

    /** The leading eigenvectors of M M† over the pair of legs {@code side}. */
    private Isometry isometry(NamedTensor upper, NamedTensor lower, String side, String other) {
        int size = upper.size(side);
        // each factor with its mirror image, all but the legs of the pair and the bond between them summed
        NamedTensor above = doubled(upper, List.of(side, "x"));
        NamedTensor below = doubled(lower, List.of(side + "'", "x"));
        NamedTensor density = above.times(below, algebra);
        Matrix matrix = density.matrix(List.of(side, side + "'"), List.of(side + "*", side + "'*"));
        LinearAlgebra.Eigen eigen = algebra.symmetricEigen(matrix);
        double[] values = new double[eigen.values().length];
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.sqrt(Math.max(0, eigen.values()[i]));
        }
        int kept = Truncation.rank(values, chi);
        return new Isometry(eigen.vectors().columns(0, kept), size, Truncation.discardedWeight(values, kept));
    }

    /** T with T*, summed over all legs but {@code open}; those of the image have a star. */
    private NamedTensor doubled(NamedTensor site, List<String> open) {
        NamedTensor image = site;
        for (String leg : open) {
            image = image.renamed(leg, leg + "*");
        }
        return site.times(image, algebra);
    }
}
