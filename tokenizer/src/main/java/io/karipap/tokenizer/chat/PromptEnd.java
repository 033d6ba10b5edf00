package io.karipap.tokenizer.chat;

/**
 * How a prompt that a chat template makes ends.
 *
 * @since 0.1
 */
public enum PromptEnd {
    /** With the beginning of an answer: {@code add_generation_prompt}. */
    ANSWER,
    /** With the last message. */
    CLOSED,
    /** Within the last message, whose text is left open to be continued: {@code continue_final_message}. */
    OPEN
}
