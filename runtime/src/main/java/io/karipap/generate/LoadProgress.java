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

    /**
     * Says, in a sentence, what whoever waits should know, such as that kept weights are damaged and made anew; the loading goes on. Tells
     * nobody unless it is overridden.
     */
    default void notice(String sentence) {}
}
