package io.karipap.chat.format;

import io.karipap.json.Json;
import io.karipap.tokenizer.chat.ChatPrompt;
import io.karipap.tokenizer.chat.ChatTemplate;
import io.karipap.tokenizer.chat.ChatTemplateException;
import io.karipap.tokenizer.chat.PromptEnd;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** What a template wants the arguments of calls in a conversation to be: an object, as transformers gives it, or its JSON. */
enum ArgumentForm {
    OBJECT,
    TEXT;

    private static final Map<String, Object> PROBE = Map.of("probe", "x");

    /** What a template makes JSON of. */
    static ArgumentForm of(ChatTemplate template, boolean withTools) {
        if (isWritten(template, PROBE, withTools)) {
            return OBJECT;
        }
        return isWritten(template, Json.text(PROBE), withTools) ? TEXT : OBJECT;
    }

    private static boolean isWritten(ChatTemplate template, Object arguments, boolean withTools) {
        Map<String, Object> call = Map.of(
                "id", "abcdefghi", "type", "function", "function", Map.of("name", "probe", "arguments", arguments));
        Map<String, Object> tool = Map.of(
                "type",
                "function",
                "function",
                Map.of(
                        "name",
                        "probe",
                        "description",
                        "",
                        "parameters",
                        Map.of("type", "object", "properties", Map.of())));
        List<Map<String, Object>> messages = List.of(
                Map.of("role", "user", "content", "?"),
                Map.of("role", "assistant", "content", "", "tool_calls", List.of(call)),
                Map.of("role", "tool", "content", "!", "tool_call_id", "abcdefghi"));
        try {
            String text = template.render(new ChatPrompt(
                    messages, withTools ? List.of(tool) : List.of(), List.of(), Map.of(), PromptEnd.CLOSED));
            return text.contains("\"probe\":\"x\"") || text.contains("\"probe\": \"x\"");
        } catch (ChatTemplateException e) {
            return false;
        }
    }

    /**
     * The messages with arguments of this form.
     *
     * @throws IllegalArgumentException if arguments are no JSON object; the message names their place
     */
    List<Map<String, Object>> apply(List<Map<String, Object>> messages) {
        List<Map<String, Object>> changed = new ArrayList<>();
        for (int i = 0; i < messages.size(); i++) {
            Map<String, Object> message = new LinkedHashMap<>(messages.get(i));
            if (message.get("tool_calls") instanceof List<?> calls) {
                List<Object> others = new ArrayList<>();
                for (int j = 0; j < calls.size(); j++) {
                    others.add(call(calls.get(j), "messages[" + i + "].tool_calls[" + j + "].function.arguments"));
                }
                message.put("tool_calls", others);
            }
            changed.add(message);
        }
        return changed;
    }

    private Object call(Object call, String place) {
        if (!(call instanceof Map<?, ?> map && map.get("function") instanceof Map<?, ?> function)) {
            return call;
        }
        Map<Object, Object> changedFunction = new LinkedHashMap<>(function);
        changedFunction.put("arguments", arguments(function.get("arguments"), place));
        Map<Object, Object> changed = new LinkedHashMap<>(map);
        changed.put("function", changedFunction);
        return changed;
    }

    private Object arguments(Object arguments, String place) {
        if (!(arguments instanceof String text)) {
            return this == TEXT ? Json.text(Json.tree(arguments)) : arguments;
        }
        JsonNode node;
        try {
            node = Json.parse(text);
        } catch (JacksonException e) {
            throw new IllegalArgumentException("\"" + place + "\" is not valid JSON: " + e.getOriginalMessage(), e);
        }
        if (node == null || !node.isObject()) {
            throw new IllegalArgumentException("\"" + place + "\" is not a JSON object");
        }
        return this == TEXT ? text : Json.plainMap(node);
    }
}
