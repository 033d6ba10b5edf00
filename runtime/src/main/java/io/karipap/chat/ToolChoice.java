package io.karipap.chat;

/**
 * Whether an answer calls tools.
 *
 * @since 0.1
 */
public enum ToolChoice {
    /** As the model likes. */
    AUTO,
    /** The answer is text: the model is not told of the tools. */
    NONE,
    /** The answer is a call of a tool. */
    REQUIRED
}
