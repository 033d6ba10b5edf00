package io.karipap.environment;

import java.nio.file.Path;

/**
 * On what text a model is measured, and where what is measured is kept.
 *
 * @param text that weighs the errors
 * @param maxTokens most tokens used of it
 * @param work directory for intermediate results: moments, factors, curves. Kept, because the next size starts from them
 * @param threads threads for the model; 0 for all processors
 */
public record CalibrationOptions(String text, int maxTokens, Path work, int threads) {
    /** The bundled text, 65,536 tokens of it, {@link #defaultWork} and all processors. */
    public static CalibrationOptions defaults() {
        return new CalibrationOptions(BundledText.calibration(), 1 << 16, defaultWork(), 0);
    }

    /** {@code $KARIPAP_WORK}, or {@code ~/.cache/karipap}. */
    public static Path defaultWork() {
        String chosen = System.getenv("KARIPAP_WORK");
        return chosen != null ? Path.of(chosen) : Path.of(System.getProperty("user.home"), ".cache", "karipap");
    }
}
