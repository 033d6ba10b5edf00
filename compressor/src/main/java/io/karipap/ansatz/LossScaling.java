package io.karipap.ansatz;

import io.karipap.environment.Factors;
import io.karipap.linalg.Matrix;
import io.karipap.operator.Cell;
import io.karipap.operator.Operator;
import io.karipap.operator.OperatorNetwork;
import io.karipap.operator.SiteNames;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Operators that are factored together, each multiplied by a number so that squared errors in their metrics are losses in nats.
 *
 * @param factors by member
 */
@SuppressWarnings("ArrayRecordComponent")
record LossScaling(Cell cell, double[] factors) {
    static LossScaling of(Cell cell, Factors known) {
        double[] factors = new double[cell.members().size()];
        for (int g = 0; g < factors.length; g++) {
            Operator operator = cell.members().get(g);
            factors[g] = Math.sqrt(
                    Math.max(1e-9, operator.sensitivity()) / Math.max(known.energy(operator), Double.MIN_NORMAL));
        }
        return new LossScaling(cell, factors);
    }

    /** What a relative error of 1 in every member is expected to cost. */
    double total() {
        return Math.max(
                Double.MIN_NORMAL,
                cell.members().stream().mapToDouble(Operator::sensitivity).sum());
    }

    /** The members' matrices, multiplied. */
    List<Matrix> weights() {
        List<Matrix> weights = new ArrayList<>();
        for (int g = 0; g < factors.length; g++) {
            Matrix w = cell.members().get(g).weights();
            double[] data = new double[w.data().length];
            for (int i = 0; i < data.length; i++) {
                data[i] = factors[g] * w.data()[i];
            }
            weights.add(new Matrix(w.rows(), w.columns(), data));
        }
        return weights;
    }

    /** Undoes the scaling at the members' own first or middle site. */
    List<OperatorNetwork> undone(List<OperatorNetwork> networks) {
        List<OperatorNetwork> undone = new ArrayList<>();
        for (int g = 0; g < factors.length; g++) {
            OperatorNetwork network = networks.get(g);
            String name = cell.members().get(g).name();
            String first = SiteNames.own(name, 0);
            String own = network.tensors().containsKey(first) ? first : SiteNames.own(name, 1);
            double[] data = network.tensors().get(own).clone();
            for (int i = 0; i < data.length; i++) {
                data[i] /= factors[g];
            }
            undone.add(network.with(own, data));
        }
        return undone;
    }

    /** Names the factors: curves that depend on them are kept by it. */
    String key() {
        return Integer.toHexString(Arrays.hashCode(factors));
    }
}
