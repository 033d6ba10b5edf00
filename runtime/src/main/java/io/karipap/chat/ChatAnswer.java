package io.karipap.chat;

import io.karipap.generate.FinishReason;
import java.util.List;
import java.util.Optional;

/**
 * A model's answer.
 *
 * @param text what it says; empty where it only calls tools
 * @param reasoning what it thought before, if it is a model that thinks
 * @param calls tools that it calls
 * @param reason why it ended
 * @param promptTokens tokens of the conversation before it
 * @param completionTokens its own tokens
 * @since 0.1
 */
public record ChatAnswer(
        String text,
        String reasoning,
        List<ToolCall> calls,
        FinishReason reason,
        int promptTokens,
        int completionTokens) {
    public ChatAnswer {
        calls = List.copyOf(calls);
    }

    /** The answer as a message of the conversation that goes on. */
    public ChatMessage message() {
        return new ChatMessage("assistant", text, calls, Optional.empty());
    }
}
