package io.karipap.compress;

import io.karipap.ansatz.Metric;
import io.karipap.linalg.Matrix;

/**
 * An operator and what flows into it.
 *
 * @param name of its weight matrix
 * @param layer block; the number of blocks for the head, −1 for an embedding that is only looked up
 * @param weights W [m, n]
 * @param metric of its input
 */
public record MeasuredOperator(String name, int layer, Matrix weights, Metric metric) {}
