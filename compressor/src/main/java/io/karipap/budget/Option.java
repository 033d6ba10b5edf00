package io.karipap.budget;

import io.karipap.ansatz.Form;
import io.karipap.code.StoredAs;
import io.karipap.operator.Operator;
import java.util.List;

/**
 * A form of some operators, stored in one way.
 *
 * @param parameters stored
 * @param bytes stored
 * @param loss what it is expected to cost, rounding included, in nats per token
 */
public record Option(Form form, StoredAs stored, long parameters, long bytes, double loss) {
    /** Ansatz, bonds and type, for the report. */
    public String label() {
        return form.label() + stored.suffix();
    }

    /** Names of the operators. */
    public List<String> operators() {
        return form.operators().stream().map(Operator::name).toList();
    }
}
