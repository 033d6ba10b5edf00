package io.karipap.compress;

import io.karipap.ansatz.LayerLattice;
import io.karipap.compress.Choice.Family;
import io.karipap.compress.Choice.Option;
import io.karipap.kernels.WeightType;
import io.karipap.linalg.Matrix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/** Operators of one kind in neighbouring blocks over shared bases, at a grid of bonds. */
final class LayerFamilies {
    private static final int SWEEPS = 3;

    private final CellCosts costs;

    LayerFamilies(CellCosts costs) {
        this.costs = costs;
    }

    /** Operators of one kind in neighbouring blocks, over shared bases. */
    Family of(List<Operator> operators, String shared) {
        int m = operators.getFirst().rows();
        int n = operators.getFirst().columns();
        int c = operators.size();
        double[] factors = costs.lossFactors(operators);
        LayerLattice.Bases[] made = new LayerLattice.Bases[1];
        Supplier<LayerLattice.Bases> bases = () ->
                made[0] == null ? made[0] = bases(operators, factors) : made[0]; // not where all curves are stored
        List<Option> options = new ArrayList<>();
        int lastR = 0;
        for (double share : Cells.SHARES) {
            int[] bonds = layerBonds(m, n, c, share);
            int r = bonds[0];
            int s = bonds[1];
            long parameters = LayerLattice.parameters(m, n, c, r, s);
            if (r < 1 || r == lastR || parameters >= (long) c * m * n) {
                continue;
            }
            lastR = r;
            double loss = costs.files()
                    .get(operators.getFirst().fileName("layer-" + r + "-" + s + "-" + key(factors)), () ->
                            new double[] {lattice(bases.get(), r, s).error() * CellCosts.sum(operators)})[0];
            for (WeightType type : costs.types()) {
                Operator like = operators.getFirst();
                options.add(costs.option(
                        operators,
                        "layer " + r + "×" + s,
                        parameters,
                        CellCosts.bytes(type, like, m, r)
                                + c * CellCosts.bytes(type, like, r, s)
                                + CellCosts.bytes(type, like, s, n),
                        loss / CellCosts.sum(operators),
                        loss,
                        type,
                        () -> CellCosts.unscaled(
                                lattice(bases(operators, factors), r, s)
                                        .networks(
                                                operators.stream()
                                                        .map(Operator::name)
                                                        .toList(),
                                                shared),
                                operators,
                                factors)));
            }
        }
        return new Family(options);
    }

    /** Bonds in proportion to the sides of the matrix, together with about {@code share} of the dense parameters. */
    private static int[] layerBonds(int m, int n, int c, double share) {
        int full = Math.min(m, n);
        double low = 0;
        double high = 1;
        for (int i = 0; i < 40; i++) {
            double t = (low + high) / 2;
            if (t * full * (m + n) + c * t * t * full * full > share * c * m * n) {
                high = t;
            } else {
                low = t;
            }
        }
        int bond = (int) Math.round(low * full);
        return new int[] {bond, bond};
    }

    private static String key(double[] factors) {
        return Integer.toHexString(Arrays.hashCode(factors));
    }

    private LayerLattice.Bases bases(List<Operator> operators, double[] factors) {
        List<Matrix> weights = new ArrayList<>();
        for (int g = 0; g < factors.length; g++) {
            weights.add(CellCosts.scaled(operators.get(g).weights(), factors[g]));
        }
        return LayerLattice.Bases.of(
                weights, operators.stream().map(Operator::metric).toList(), costs.algebra());
    }

    private LayerLattice lattice(LayerLattice.Bases bases, int r, int s) {
        LayerLattice lattice = new LayerLattice(bases, r, s, costs.algebra());
        for (int sweep = 0; sweep < SWEEPS; sweep++) {
            lattice.sweep();
        }
        return lattice;
    }
}
