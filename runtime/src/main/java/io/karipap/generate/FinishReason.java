package io.karipap.generate;

/** Why a generation ended. */
public enum FinishReason {
    /** The model said so, or a stop string appeared. */
    STOP,
    /** The asked number of tokens or the end of the context was reached. */
    LENGTH,
    /** The caller cancelled. */
    CANCELLED
}
