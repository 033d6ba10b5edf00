package io.karipap.generate;

/**
 * Hears how far the loading of a model is.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface LoadProgress {
    /** Tells nobody. */
    LoadProgress NONE = (stage, done, total) -> {};

    /**
     * @param stage what is being done, such as {@code load weights}
     * @param done bytes done
     * @param total bytes in all
     */
    void report(String stage, long done, long total);
}
