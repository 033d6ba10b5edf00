package io.karipap.generate;

/**
 * A finished text.
 *
 * @param text what was generated
 * @param reason why it ended
 * @param promptTokens tokens of the prompt
 * @param completionTokens tokens drawn
 * @since 0.1
 */
public record GenerationResult(String text, FinishReason reason, int promptTokens, int completionTokens) {}
