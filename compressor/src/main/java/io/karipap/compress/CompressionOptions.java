package io.karipap.compress;

import io.karipap.kernels.WeightType;
import io.karipap.linalg.Algebra;
import java.nio.file.Path;

/**
 * How to compress.
 *
 * @param budget how small
 * @param ansatz how operators may be written
 * @param calibrationText text whose activations weigh the errors
 * @param evaluationText text on which perplexity is measured before and after; not part of the calibration text
 * @param maxCalibrationTokens most tokens used of the calibration text
 * @param maxEvaluationTokens most tokens used of the evaluation text
 * @param type how operators are stored; null for the type that the matrix had. A budget in bytes chooses itself among 8 and 4 bits
 * @param sensitivities whether it is measured how much the error of each operator costs; takes minutes and pays
 * @param algebra what computes
 * @param work directory for intermediate results: moments, factors, curves. Kept, because the next size starts from them
 * @param overwrite whether an existing output is replaced
 * @param threads threads for the model; 0 for all physical cores
 */
public record CompressionOptions(
        Budget budget,
        Ansatz ansatz,
        String calibrationText,
        String evaluationText,
        int maxCalibrationTokens,
        int maxEvaluationTokens,
        WeightType type,
        boolean sensitivities,
        Algebra algebra,
        Path work,
        boolean overwrite,
        int threads) {
    /** Low rank, the bundled texts, all processors, weights of the type that the matrices had. */
    public static CompressionOptions of(Budget budget) {
        return new CompressionOptions(
                budget,
                Ansatz.LOW_RANK,
                BundledText.calibration(),
                BundledText.evaluation(),
                1 << 16,
                1 << 14,
                null,
                true,
                Algebra.TORCH,
                defaultWork(),
                false,
                0);
    }

    /** {@code $KARIPAP_WORK}, or {@code ~/.cache/karipap}. */
    public static Path defaultWork() {
        String chosen = System.getenv("KARIPAP_WORK");
        return chosen != null ? Path.of(chosen) : Path.of(System.getProperty("user.home"), ".cache", "karipap");
    }

    /** Without measuring sensitivities: quicker, and worse. */
    public CompressionOptions quick() {
        return new CompressionOptions(
                budget,
                ansatz,
                calibrationText,
                evaluationText,
                maxCalibrationTokens,
                maxEvaluationTokens,
                type,
                false,
                algebra,
                work,
                overwrite,
                threads);
    }
}
