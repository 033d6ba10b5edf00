package io.karipap.generate;

/** What happens while a text is generated: any number of tokens, then one of the other two. */
public sealed interface GenerationEvent {
    /**
     * A token was drawn.
     *
     * @param id token id
     * @param text text that became certain with it; may be empty, never half a character
     */
    record Token(int id, String text) implements GenerationEvent {}

    /**
     * The end.
     *
     * @param text text that was still held back
     * @param reason why
     * @param promptTokens tokens of the prompt
     * @param completionTokens tokens drawn, an end token included
     */
    record Finished(String text, FinishReason reason, int promptTokens, int completionTokens)
            implements GenerationEvent {}

    /** Something went wrong inside. */
    record Failed(Throwable cause) implements GenerationEvent {}
}
