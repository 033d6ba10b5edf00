package io.karipap.environment;

import io.karipap.linalg.Matrix;
import io.karipap.operator.Metric;
import io.karipap.operator.Operator;
import io.karipap.operator.Place;

/**
 * An operator and what flows into it, in memory.
 *
 * @param name of its weight matrix
 * @param layer block; the number of blocks for the head, −1 for an embedding that is only looked up
 * @param weights W [m, n]
 * @param metric of its input
 */
public record MeasuredOperator(String name, int layer, Matrix weights, Metric metric) {
    static MeasuredOperator of(Operator operator) {
        return new MeasuredOperator(
                operator.name(), operator.place().map(Place::layer).orElse(-1), operator.weights(), operator.metric());
    }
}
