package io.karipap.compress;

import io.karipap.ansatz.Metric;
import io.karipap.kernels.WeightType;
import io.karipap.linalg.Matrix;

/**
 * A weight matrix of the dense model, read from disk when it is needed.
 *
 * @param name of its tensor
 * @param rows m
 * @param columns n
 * @param type how the dense model stores it
 * @param place what it reads
 * @param rowWeights how often each row counts; null for alike. For an embedding: how often its token occurs
 * @param sensitivity nats per token that a relative error of 1 is expected to cost
 * @param source reads it
 */
@SuppressWarnings("ArrayRecordComponent")
record Operator(
        String name,
        int rows,
        int columns,
        WeightType type,
        Place place,
        double[] rowWeights,
        double sensitivity,
        OperatorSource source) {
    /** Reads weights and metrics. */
    interface OperatorSource {
        Matrix weights(Operator operator);

        Metric metric(Operator operator);
    }

    Matrix weights() {
        return source.weights(this);
    }

    Metric metric() {
        return source.metric(this);
    }

    Operator withSensitivity(double value) {
        return new Operator(name, rows, columns, type, place, rowWeights, value, source);
    }

    long parameters() {
        return (long) rows * columns;
    }

    /** Name for a file about it. */
    String fileName(String what) {
        return name + "." + what;
    }
}
