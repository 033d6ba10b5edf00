package io.karipap.server;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/** The field {@code messages}, as a chat template reads it. */
final class ChatMessages {
    private static final Set<String> ROLES = Set.of("developer", "system", "user", "assistant", "tool");

    private ChatMessages() {}

    /** @throws ApiException if there are none or one is malformed; it names the place */
    static List<Map<String, Object>> read(JsonFields fields) {
        JsonNode array = fields.required("messages");
        if (!array.isArray() || array.isEmpty()) {
            throw fields.wrong("messages", "an array of messages");
        }
        List<Map<String, Object>> messages = new ArrayList<>();
        for (int i = 0; i < array.size(); i++) {
            messages.add(message(array.get(i), "messages[" + i + "]"));
        }
        return messages;
    }

    private static Map<String, Object> message(JsonNode message, String place) {
        String role = message.path("role").asString("");
        if (!ROLES.contains(role)) {
            throw ApiException.badRequest(
                    place + ".role",
                    "the role is " + message.path("role") + ", expected one of " + new TreeSet<>(ROLES));
        }
        if (message.hasNonNull("function_call")) {
            throw ApiException.badRequest(
                    place + ".function_call", "\"function_call\" is not supported, expected \"tool_calls\"");
        }
        Map<String, Object> parts = new LinkedHashMap<>();
        parts.put("role", role.equals("developer") ? "system" : role);
        boolean calls = role.equals("assistant") && message.hasNonNull("tool_calls");
        boolean empty = calls && !message.hasNonNull("content");
        parts.put("content", empty ? "" : content(message.path("content"), place + ".content"));
        copy(message, "name", parts);
        if (calls) {
            parts.put("tool_calls", calls(message.path("tool_calls"), place + ".tool_calls"));
        }
        if (role.equals("assistant")) {
            copy(message, "reasoning_content", parts);
        }
        if (role.equals("tool")) {
            if (!message.path("tool_call_id").isString()) {
                throw ApiException.badRequest(
                        place + ".tool_call_id",
                        "the tool_call_id is " + message.path("tool_call_id") + ", expected the id of a call");
            }
            copy(message, "tool_call_id", parts);
        }
        return parts;
    }

    private static void copy(JsonNode message, String name, Map<String, Object> parts) {
        if (message.path(name).isString()) {
            parts.put(name, message.path(name).stringValue());
        }
    }

    private static List<Object> calls(JsonNode array, String place) {
        if (!array.isArray()) {
            throw ApiException.badRequest(place, "\"" + place + "\" is " + array + ", expected an array of calls");
        }
        List<Object> calls = new ArrayList<>();
        for (int i = 0; i < array.size(); i++) {
            JsonNode call = array.get(i);
            JsonNode function = call.path("function");
            if (!function.path("name").isString() || !function.path("arguments").isString()) {
                throw ApiException.badRequest(
                        place + "[" + i + "]",
                        "a call is not as expected: {\"id\": …, \"type\": \"function\", \"function\": {\"name\": …, \"arguments\": …}},"
                                + " with the arguments as a string");
            }
            Map<String, Object> map = new LinkedHashMap<>();
            copy(call, "id", map);
            map.put("type", "function");
            map.put(
                    "function",
                    Map.of(
                            "name",
                            function.path("name").stringValue(),
                            "arguments",
                            function.path("arguments").stringValue()));
            calls.add(map);
        }
        return calls;
    }

    private static String content(JsonNode content, String place) {
        if (content.isString()) {
            return content.stringValue();
        }
        if (!content.isArray() || content.isEmpty()) {
            throw ApiException.badRequest(
                    place, "the content is " + content + ", expected a string or an array of parts");
        }
        StringBuilder text = new StringBuilder();
        for (JsonNode part : content) {
            if (!part.path("type").asString("").equals("text")
                    || !part.path("text").isString()) {
                throw ApiException.badRequest(place, "a part is of the type " + part.path("type") + ", expected text");
            }
            text.append(part.path("text").stringValue());
        }
        return text.toString();
    }
}
