package io.karipap.generate;

import java.util.Optional;

/**
 * What happens while a text is generated: tokens of the prompt where they were asked for, tokens drawn, then one of the other two.
 *
 * @since 0.1
 */
public sealed interface GenerationEvent {
    /**
     * A token of the prompt was computed, where log-probabilities of the prompt were asked for.
     *
     * @param id token id
     * @param logprobs at its position; absent for the first token, which nothing predicts
     */
    record PromptToken(int id, Optional<TokenLogprobs> logprobs) implements GenerationEvent {}

    /**
     * A token was drawn.
     *
     * @param id token id
     * @param text text that became certain with it; may be empty, never half a character
     * @param logprobs at its position; absent where none were asked for
     */
    record Token(int id, String text, Optional<TokenLogprobs> logprobs) implements GenerationEvent {}

    /**
     * The end.
     *
     * @param text text that was still held back
     * @param reason why
     * @param promptTokens tokens of the prompt
     * @param cachedTokens tokens of the prompt that were not computed, because another request had the same beginning
     * @param completionTokens tokens drawn, an end token included
     */
    record Finished(String text, FinishReason reason, int promptTokens, int cachedTokens, int completionTokens)
            implements GenerationEvent {}

    /**
     * Something went wrong inside.
     *
     * @param cause what was thrown
     */
    record Failed(Throwable cause) implements GenerationEvent {}
}
