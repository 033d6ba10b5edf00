package io.karipap.generate;

/**
 * A request in an engine.
 *
 * @since 0.1
 */
public interface Generation {
    /** Ends it at the next step; what was generated stays, and a {@link GenerationEvent.Finished} event still comes. */
    void cancel();

    /** Computes no more tokens until {@link #resume}: for a reader who is slower than the model. */
    void pause();

    /** Goes on after {@link #pause}. */
    void resume();
}
