package io.karipap.compress;

import io.karipap.kernels.WeightType;

/**
 * How to compress.
 *
 * @param budget how small
 * @param calibrationText text whose activations weigh the errors
 * @param evaluationText text on which perplexity is measured before and after; not part of the calibration text
 * @param maxCalibrationTokens most tokens used of the calibration text
 * @param maxEvaluationTokens most tokens used of the evaluation text
 * @param siteType how the sites are stored; null for the type that the matrix had
 * @param overwrite whether an existing output is replaced
 * @param threads threads for the model; 0 for all processors
 */
public record CompressionOptions(
        Budget budget,
        String calibrationText,
        String evaluationText,
        int maxCalibrationTokens,
        int maxEvaluationTokens,
        WeightType siteType,
        boolean overwrite,
        int threads) {
    /** The bundled texts, all processors, sites of the type that the matrices had. */
    public static CompressionOptions of(Budget budget) {
        return new CompressionOptions(
                budget, BundledText.calibration(), BundledText.evaluation(), 1 << 16, 1 << 14, null, false, 0);
    }
}
