package io.karipap.compress;

import io.karipap.ansatz.OperatorNetwork;
import io.karipap.kernels.WeightType;
import java.util.List;
import java.util.function.Supplier;

/** What may become of a part of the model: a tree of alternatives whose leaves are ways to write operators. */
sealed interface Choice {
    /** One of several ways to write the same operators. */
    record OneOf(List<? extends Choice> alternatives) implements Choice {}

    /** Several parts, each chosen for itself. */
    record AllOf(List<? extends Choice> parts) implements Choice {}

    /** One ansatz at its bond dimensions, by rising parameters and falling loss. */
    record Family(List<Option> options) implements Choice {
        public Family {
            options = List.copyOf(options);
        }
    }

    /**
     * One way to write some operators.
     *
     * @param operators their names
     * @param label ansatz and bonds, for the report
     * @param parameters stored
     * @param bytes stored
     * @param error relative error of the operators, for the report; NaN where it is known only when the sites are built
     * @param loss what it is expected to cost, in nats per token
     * @param type how the tensors are stored; null as the matrix was
     * @param build makes the sites; null where the operators stay dense
     */
    record Option(
            List<String> operators,
            String label,
            long parameters,
            long bytes,
            double error,
            double loss,
            WeightType type,
            Supplier<List<OperatorNetwork>> build) {
        long cost(boolean inBytes) {
            return inBytes ? bytes : parameters;
        }
    }
}
