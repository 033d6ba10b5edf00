package io.karipap.tokenizer.chat;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a chat template makes a prompt of. Everything in it comes from outside: special tokens are not read in it.
 *
 * @param messages maps with {@code role}, {@code content} and whatever else the template reads
 * @param tools tool descriptions, or an empty list
 * @param documents texts that the answer is to rest on, or an empty list
 * @param variables of the template's own kind, such as {@code enable_thinking}: booleans, numbers, strings, lists and maps
 * @param end what comes after the messages
 * @since 0.1
 */
public record ChatPrompt(
        List<Map<String, Object>> messages,
        List<Map<String, Object>> tools,
        List<Map<String, Object>> documents,
        Map<String, Object> variables,
        PromptEnd end) {

    public ChatPrompt {
        messages = List.copyOf(messages);
        tools = List.copyOf(tools);
        documents = List.copyOf(documents);
        variables = Collections.unmodifiableMap(new LinkedHashMap<>(variables)); // a value may be null, as in JSON
    }

    /** Messages that an answer is asked to. */
    public static ChatPrompt of(List<Map<String, Object>> messages) {
        return of(messages, List.of());
    }

    /** Messages that an answer is asked to, which may call tools. */
    public static ChatPrompt of(List<Map<String, Object>> messages, List<Map<String, Object>> tools) {
        return new ChatPrompt(messages, tools, List.of(), Map.of(), PromptEnd.ANSWER);
    }

    /** The same with other messages. */
    public ChatPrompt withMessages(List<Map<String, Object>> others) {
        return new ChatPrompt(others, tools, documents, variables, end);
    }
}
