package io.karipap.compress;

import io.karipap.ansatz.BondGrid;
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
        int last = 0;
        for (double share : Cells.SHARES) {
            int bond = bond(m, n, c, share);
            long parameters = LayerLattice.parameters(m, n, c, bond, bond);
            if (bond < 1 || bond == last || parameters >= (long) c * m * n) {
                continue;
            }
            last = bond;
            double loss = costs.files()
                    .number(
                            operators.getFirst().fileName("layer-" + bond + "-" + bond + "-" + key(factors)),
                            () -> lattice(bases.get(), bond).error() * CellCosts.sum(operators));
            for (WeightType type : costs.types()) {
                Operator like = operators.getFirst();
                options.add(costs.option(
                        operators,
                        "layer " + bond + "×" + bond,
                        parameters,
                        CellCosts.bytes(type, like, m, bond)
                                + c * CellCosts.bytes(type, like, bond, bond)
                                + CellCosts.bytes(type, like, bond, n),
                        loss / CellCosts.sum(operators),
                        loss,
                        type,
                        () -> CellCosts.unscaled(
                                lattice(bases(operators, factors), bond)
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

    /** Both bonds, with which the lattice has about {@code share} of the dense parameters. */
    private static int bond(int m, int n, int c, double share) {
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
        return BondGrid.nearest(low * full, full);
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

    private LayerLattice lattice(LayerLattice.Bases bases, int bond) {
        LayerLattice lattice = new LayerLattice(bases, bond, bond, costs.algebra());
        for (int sweep = 0; sweep < SWEEPS; sweep++) {
            lattice.sweep();
        }
        return lattice;
    }
}
