package io.karipap.kernels;

/**
 * Weights of many small products, one in every lane.
 *
 * @param data [J, K, B]
 * @param produced J
 * @param contracted K
 * @param batch B
 */
@SuppressWarnings("ArrayRecordComponent")
public record LaneWeights(float[] data, int produced, int contracted, int batch) {}
