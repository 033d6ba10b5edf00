package io.karipap.compress;

import io.karipap.ansatz.LowRank;
import io.karipap.ansatz.Metric;
import io.karipap.ansatz.OperatorNetwork;
import io.karipap.compress.Choice.Option;
import io.karipap.kernels.WeightType;
import io.karipap.linalg.LinearAlgebra;
import io.karipap.linalg.Matrix;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** What all families of options need: factors on disk, bytes of a type, losses in nats. */
final class CellCosts {
    private final WorkFiles files;
    private final LinearAlgebra algebra;
    private final List<WeightType> types;

    /**
     * @param types how tensors may be stored; null stands for as the matrix was
     */
    CellCosts(WorkFiles files, LinearAlgebra algebra, List<WeightType> types) {
        this.files = files;
        this.algebra = algebra;
        this.types = types;
    }

    /** The same with other types. */
    CellCosts withTypes(List<WeightType> others) {
        return new CellCosts(files, algebra, others);
    }

    WorkFiles files() {
        return files;
    }

    LinearAlgebra algebra() {
        return algebra;
    }

    List<WeightType> types() {
        return types;
    }

    LowRank lowRank(Operator operator) {
        return files.lowRank(
                operator.fileName("low-rank"),
                operator.rows(),
                operator.columns(),
                () -> weighted(operator, operator.metric()));
    }

    /** The low rank in which rows count by their weights too. */
    private LowRank weighted(Operator operator, Metric metric) {
        Matrix w = operator.weights();
        if (operator.rowWeights() == null) {
            return LowRank.of(w, metric, algebra);
        }
        double[] roots = new double[w.rows()];
        double[] inverse = new double[w.rows()];
        for (int row = 0; row < roots.length; row++) {
            roots[row] = Math.sqrt(operator.rowWeights()[row]);
            inverse[row] = 1 / roots[row];
        }
        LowRank scaled = LowRank.of(w.scaleRows(roots), metric, algebra);
        return new LowRank(scaled.left().scaleRows(inverse), scaled.right(), scaled.energies());
    }

    static long bytes(WeightType type, Operator like, long rows, long columns) {
        return rows * (type == null ? like.type() : type).rowBytes(columns);
    }

    /** The loss that storing all weights of an operator as codes is expected to cost: its relative error, by type. */
    double roundingError(Operator operator, WeightType type) {
        if (type == null || !type.quantized()) {
            return 0;
        }
        return files.number(operator.fileName("rounding-" + type), () -> {
            Matrix w = operator.weights();
            Matrix rounded = new Matrix(w.rows(), w.columns(), SiteRounding.rounded(w.data(), w.columns(), type));
            return operator.metric().error(w, rounded, algebra);
        });
    }

    Option option(
            List<Operator> operators,
            String label,
            long parameters,
            long bytes,
            double error,
            double loss,
            WeightType type,
            Supplier<List<OperatorNetwork>> build) {
        double rounding = 0;
        for (Operator operator : operators) {
            rounding += operator.sensitivity() * roundingError(operator, type) * (build == null ? 1 : 2);
        }
        return new Option(
                operators.stream().map(Operator::name).toList(),
                type == null ? label : label + " " + type,
                parameters,
                bytes,
                error,
                loss + rounding,
                type,
                build);
    }

    static double sum(List<Operator> operators) {
        return Math.max(
                Double.MIN_NORMAL,
                operators.stream().mapToDouble(Operator::sensitivity).sum());
    }

    /** By what matrices are multiplied so that squared errors in their metrics are losses. */
    double[] lossFactors(List<Operator> operators) {
        double[] factors = new double[operators.size()];
        for (int g = 0; g < factors.length; g++) {
            Operator operator = operators.get(g);
            double energy = files.number(
                    operator.fileName("energy"), () -> operator.metric().energy(operator.weights(), algebra));
            factors[g] = Math.sqrt(Math.max(1e-9, operator.sensitivity()) / Math.max(energy, Double.MIN_NORMAL));
        }
        return factors;
    }

    static Matrix scaled(Matrix w, double factor) {
        double[] data = new double[w.data().length];
        for (int i = 0; i < data.length; i++) {
            data[i] = factor * w.data()[i];
        }
        return new Matrix(w.rows(), w.columns(), data);
    }

    /** Undoes the scaling at the operators' own first or middle site. */
    static List<OperatorNetwork> unscaled(List<OperatorNetwork> networks, List<Operator> operators, double[] factors) {
        List<OperatorNetwork> unscaled = new ArrayList<>();
        for (int g = 0; g < factors.length; g++) {
            OperatorNetwork network = networks.get(g);
            String name = operators.get(g).name();
            String own = network.tensors().containsKey(name + ".site0") ? name + ".site0" : name + ".site1";
            double[] data = network.tensors().get(own).clone();
            for (int i = 0; i < data.length; i++) {
                data[i] /= factors[g];
            }
            unscaled.add(network.with(own, data));
        }
        return unscaled;
    }
}
