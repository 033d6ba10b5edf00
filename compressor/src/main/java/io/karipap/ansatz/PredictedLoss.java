package io.karipap.ansatz;

import io.karipap.operator.Operator;
import java.util.OptionalDouble;

/**
 * What a form is expected to lose.
 *
 * @param error relative error of the operators in their metrics; nothing where it is known only when the sites are built
 * @param nats per token
 */
public record PredictedLoss(OptionalDouble error, double nats) {
    /** Of what is exact. */
    public static final PredictedLoss NONE = new PredictedLoss(OptionalDouble.of(0), 0);

    /** Of one operator with a known error. */
    static PredictedLoss of(double error, Operator operator) {
        return new PredictedLoss(OptionalDouble.of(error), operator.sensitivity() * error);
    }

    /** Of one operator whose error can only be guessed. */
    static PredictedLoss guess(double error, Operator operator) {
        return new PredictedLoss(OptionalDouble.empty(), operator.sensitivity() * error);
    }
}
