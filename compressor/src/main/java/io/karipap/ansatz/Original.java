package io.karipap.ansatz;

import io.karipap.linalg.Matrix;
import io.karipap.operator.Metric;

/**
 * The dense operator that a network is to stand for.
 *
 * @param operator its name
 * @param weights [m, n]
 * @param metric of what flows in, in which errors count
 */
public record Original(String operator, Matrix weights, Metric metric) {}
