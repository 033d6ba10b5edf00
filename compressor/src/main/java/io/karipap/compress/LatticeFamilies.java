package io.karipap.compress;

import io.karipap.ansatz.AlternatingLeastSquares;
import io.karipap.ansatz.Bonds;
import io.karipap.ansatz.Digits;
import io.karipap.ansatz.LatticeRenormalization;
import io.karipap.ansatz.Metric;
import io.karipap.ansatz.OperatorNetwork;
import io.karipap.ansatz.PepsOperator;
import io.karipap.compress.Choice.Family;
import io.karipap.compress.Choice.Option;
import io.karipap.kernels.WeightType;
import io.karipap.linalg.Matrix;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** 2×2 lattices at every bond. */
final class LatticeFamilies {
    private static final int SWEEPS = 3;
    private static final int STEPS = 2;

    /** Larger sites take seconds each to solve for: they are swept over once, without steps before. */
    private static final int LARGE_BOND = 10;

    /** Where a sweep over all bond dimensions begins. */
    static final int SWEEP_BOND = 6;

    private final CellCosts costs;
    private final LowRankFamilies dense;

    LatticeFamilies(CellCosts costs) {
        this.costs = costs;
        this.dense = new LowRankFamilies(costs);
    }

    /** A 2×2 lattice. Nothing is known of its error before it is built: bonds are spread evenly. */
    Family of(Operator operator) {
        List<Option> options = new ArrayList<>();
        for (int bond = 1; parameters(operator, bond) < operator.parameters(); bond++) {
            for (WeightType type : costs.types()) {
                options.add(at(operator, bond > LARGE_BOND ? bond : bond + STEPS, bond, type));
            }
        }
        options.addAll(dense.dense(operator).options());
        return new Family(options);
    }

    private static long parameters(Operator operator, int bond) {
        int[] out = Digits.of(operator.rows(), 4);
        int[] in = Digits.of(operator.columns(), 4);
        long parameters = 0;
        for (int site = 0; site < 4; site++) {
            parameters += (long) out[site] * in[site] * bond * bond;
        }
        return parameters;
    }

    /**
     * The lattice at one bond dimension, reached from {@code start} by steps of one.
     *
     * @param start bond dimension to begin with
     */
    Option at(Operator operator, int start, int bond, WeightType type) {
        int[] out = Digits.of(operator.rows(), 4);
        int[] in = Digits.of(operator.columns(), 4);
        long bytes = 0;
        for (int site = 0; site < 4; site++) {
            bytes += CellCosts.bytes(type, operator, (long) out[site] * bond * bond, in[site]);
        }
        double guess = Math.pow(1 - (double) parameters(operator, bond) / operator.parameters(), 2);
        return costs.option(
                List.of(operator),
                "peps 2×2 " + bond,
                parameters(operator, bond),
                bytes,
                Double.NaN,
                operator.sensitivity() * guess,
                type,
                () -> List.of(peps(operator, out, in, start, bond)));
    }

    /** Begins with larger bonds and lowers them by one and one in their environments, optimising in between; every step is kept. */
    private OperatorNetwork peps(Operator operator, int[] out, int[] in, int start, int bond) {
        PepsOperator.Lattice lattice = new PepsOperator.Lattice(2, 2, false);
        Matrix w = operator.weights();
        Metric metric = operator.metric();
        AlternatingLeastSquares squares = new AlternatingLeastSquares(w, metric, costs.algebra());
        OperatorNetwork current = null;
        for (int size = start; size >= bond; size--) {
            OperatorNetwork before = current;
            int target = size;
            OperatorNetwork shape = Bonds.widened(
                    before != null
                            ? new LatticeRenormalization(before, lattice, metric, 4 * size * size, costs.algebra())
                                    .truncated(before, target)
                            : PepsOperator.snake(operator.name(), w, metric, lattice, out, in, target, costs.algebra()),
                    target,
                    0.1,
                    new Random(target));
            current = shape.withFlat(costs.files().get(operator.fileName("peps-" + start + "-at-" + size), () -> {
                if (!AlternatingLeastSquares.solvable(shape)) {
                    return shape.flat(); // stays as it was cut
                }
                int sweeps = target > LARGE_BOND ? 1 : SWEEPS;
                return squares.optimise(shape, sweeps, 1e-3, new ArrayList<>()).flat();
            }));
        }
        return current;
    }
}
