package io.karipap.server;

import io.karipap.chat.format.AnswerPart;
import io.karipap.chat.format.AnswerReader;
import io.karipap.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The parts of one answer of a chat while it grows: thoughts, text, calls of tools. Belongs to the event loop of its connection. */
final class GrowingAnswer {
    private final AnswerReader reader;
    private final Supplier<String> callIds;
    private final StringBuilder content = new StringBuilder();
    private final StringBuilder reasoning = new StringBuilder();
    private final List<Call> calls = new ArrayList<>();

    private record Call(String id, String name, StringBuilder arguments) {}

    /** @param callIds makes an id for every call */
    GrowingAnswer(AnswerReader reader, Supplier<String> callIds) {
        this.reader = reader;
        this.callIds = callIds;
    }

    /** Whether a tool is called. */
    boolean calls() {
        return !calls.isEmpty();
    }

    /**
     * Reads more of the text.
     *
     * @param last whether no more comes
     * @return what is certain with it, as deltas of a stream
     */
    List<ObjectNode> read(String text, boolean last) {
        List<AnswerPart> parts = new ArrayList<>(reader.read(text));
        if (last) {
            parts.addAll(reader.finish());
        }
        return parts.stream().map(this::delta).toList();
    }

    private ObjectNode delta(AnswerPart part) {
        ObjectNode delta = Json.object();
        switch (part) {
            case AnswerPart.Content(String text) -> {
                content.append(text);
                delta.put("content", text);
            }
            case AnswerPart.Reasoning(String text) -> {
                reasoning.append(text);
                delta.put("reasoning_content", text);
            }
            case AnswerPart.CallStart(String name) -> {
                Call call = new Call(callIds.get(), name, new StringBuilder());
                calls.add(call);
                ObjectNode node = delta.putArray("tool_calls")
                        .addObject()
                        .put("index", calls.size() - 1)
                        .put("id", call.id())
                        .put("type", "function");
                node.putObject("function").put("name", name).put("arguments", "");
            }
            case AnswerPart.CallArguments(String json) -> {
                calls.getLast().arguments().append(json);
                delta.putArray("tool_calls")
                        .addObject()
                        .put("index", calls.size() - 1)
                        .putObject("function")
                        .put("arguments", json);
            }
        }
        return delta;
    }

    /** The whole message. */
    ObjectNode message() {
        boolean noText = content.isEmpty() && calls();
        ObjectNode message = Json.object().put("role", "assistant").put("content", noText ? null : content.toString());
        if (!reasoning.isEmpty()) {
            message.put("reasoning_content", reasoning.toString());
        }
        message.putNull("refusal");
        if (calls()) {
            ArrayNode array = message.putArray("tool_calls");
            for (Call call : calls) {
                array.addObject()
                        .put("id", call.id())
                        .put("type", "function")
                        .putObject("function")
                        .put("name", call.name())
                        .put("arguments", call.arguments().toString());
            }
        }
        return message;
    }
}
