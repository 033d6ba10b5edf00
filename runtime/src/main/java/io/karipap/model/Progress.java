package io.karipap.model;

/** Hears how far a long piece of work has come. */
@FunctionalInterface
public interface Progress {
    /** Tells nobody. */
    Progress NONE = (stage, done, total) -> {};

    /**
     * @param stage what is being done, such as {@code calibrate}
     * @param done units done
     * @param total units in all
     */
    void report(String stage, long done, long total);

    /** Says how it goes, such as a loss. */
    default void status(String text) {}

    /** Says, in a sentence, what whoever waits should know; all goes on. */
    default void notice(String sentence) {}
}
