package io.karipap.generate;

/**
 * Why a generation ended.
 *
 * @since 0.1
 */
public enum FinishReason {
    /** The model said so, a stop string or token appeared, or the grammar allows nothing more. */
    STOP,
    /** The asked number of tokens or the end of the context was reached. */
    LENGTH,
    /** The time limit was reached. */
    TIME,
    /** The caller cancelled. */
    CANCELLED
}
