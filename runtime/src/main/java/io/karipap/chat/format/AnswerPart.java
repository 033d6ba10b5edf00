package io.karipap.chat.format;

/** What an answer is made of, in the order in which it is written. */
public sealed interface AnswerPart {
    /**
     * Text for whoever asked.
     *
     * @param text more of it
     */
    record Content(String text) implements AnswerPart {}

    /**
     * Thoughts before the answer.
     *
     * @param text more of them
     */
    record Reasoning(String text) implements AnswerPart {}

    /**
     * A tool is called; its arguments follow.
     *
     * @param name of the tool
     */
    record CallStart(String name) implements AnswerPart {}

    /**
     * Arguments of the call that was started last.
     *
     * @param json more of the JSON object
     */
    record CallArguments(String json) implements AnswerPart {}
}
