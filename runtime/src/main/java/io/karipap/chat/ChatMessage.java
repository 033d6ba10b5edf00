package io.karipap.chat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A message of a conversation.
 *
 * @param role {@code system}, {@code user}, {@code assistant}, {@code tool}, or what else the model's template knows
 * @param text what is said
 * @param calls tools that an answer calls
 * @param callId of the result of a tool: the call that it belongs to
 * @since 0.1
 */
public record ChatMessage(String role, String text, List<ToolCall> calls, Optional<String> callId) {
    public ChatMessage {
        calls = List.copyOf(calls);
    }

    /** What the model is told first. */
    public static ChatMessage system(String text) {
        return new ChatMessage("system", text, List.of(), Optional.empty());
    }

    /** What is asked. */
    public static ChatMessage user(String text) {
        return new ChatMessage("user", text, List.of(), Optional.empty());
    }

    /** An earlier answer. */
    public static ChatMessage assistant(String text) {
        return new ChatMessage("assistant", text, List.of(), Optional.empty());
    }

    /** The result of a tool that the answer before it called. */
    public static ChatMessage result(ToolCall call, String text) {
        return new ChatMessage("tool", text, List.of(), Optional.of(call.id()));
    }

    /** As chat templates read it. */
    Map<String, Object> forTemplate() {
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("role", role);
        message.put("content", text);
        if (!calls.isEmpty()) {
            message.put(
                    "tool_calls",
                    calls.stream()
                            .map(call -> Map.of(
                                    "id",
                                    call.id(),
                                    "type",
                                    "function",
                                    "function",
                                    Map.of("name", call.name(), "arguments", call.arguments())))
                            .toList());
        }
        callId.ifPresent(id -> message.put("tool_call_id", id));
        return message;
    }
}
