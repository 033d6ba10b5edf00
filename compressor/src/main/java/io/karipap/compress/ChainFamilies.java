package io.karipap.compress;

import io.karipap.ansatz.AlternatingLeastSquares;
import io.karipap.ansatz.Digits;
import io.karipap.ansatz.MatrixProduct;
import io.karipap.ansatz.Metric;
import io.karipap.ansatz.OperatorNetwork;
import io.karipap.compress.Choice.Family;
import io.karipap.compress.Choice.Option;
import io.karipap.kernels.WeightType;
import io.karipap.linalg.Matrix;
import io.karipap.trg.Truncation;
import java.util.ArrayList;
import java.util.List;

/** Chains of two sites at every bond. */
final class ChainFamilies {
    private static final int SWEEPS = 3;

    private final CellCosts costs;
    private final LowRankFamilies dense;

    ChainFamilies(CellCosts costs) {
        this.costs = costs;
        this.dense = new LowRankFamilies(costs);
    }

    /** A chain of two sites. */
    Family of(Operator operator) {
        int[] out = Digits.of(operator.rows(), 2);
        int[] in = Digits.of(operator.columns(), 2);
        double[] errors = costs.files()
                .get(
                        operator.fileName("chain"),
                        () -> Truncation.errors(MatrixProduct.bondEnergies(
                                operator.weights(), operator.metric(), out, in, costs.algebra())));
        List<Option> options = new ArrayList<>();
        for (int bond = 1; bond < errors.length; bond++) {
            long first = (long) out[0] * in[0] * bond;
            long second = (long) out[1] * in[1] * bond;
            if (first + second >= operator.parameters()) {
                break;
            }
            int size = bond;
            for (WeightType type : costs.types()) {
                options.add(costs.option(
                        List.of(operator),
                        "mpo " + bond,
                        first + second,
                        CellCosts.bytes(type, operator, (long) out[0] * bond, in[0])
                                + CellCosts.bytes(type, operator, (long) out[1] * bond, in[1]),
                        Double.NaN,
                        operator.sensitivity() * errors[bond],
                        type,
                        () -> List.of(chain(operator, out, in, size))));
            }
        }
        options.addAll(dense.dense(operator).options());
        return new Family(options);
    }

    private OperatorNetwork chain(Operator operator, int[] out, int[] in, int bond) {
        Matrix w = operator.weights();
        Metric metric = operator.metric();
        OperatorNetwork start = MatrixProduct.of(operator.name(), w, metric, out, in, bond, costs.algebra());
        return new AlternatingLeastSquares(w, metric, costs.algebra()).optimise(start, SWEEPS, 1e-3, new ArrayList<>());
    }
}
