package io.karipap.generate;

/** A request in an engine. */
public interface Generation {
    /** Ends it at the next step; what was generated stays, and a {@link GenerationEvent.Finished} event still comes. */
    void cancel();
}
