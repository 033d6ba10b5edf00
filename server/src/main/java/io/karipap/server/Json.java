package io.karipap.server;

import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Bodies and events. */
final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final String EVENT = "data: ";
    private static final String END = "\n\n";

    private Json() {}

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    static ArrayNode array() {
        return MAPPER.createArrayNode();
    }

    static byte[] bytes(JsonNode node) {
        return MAPPER.writeValueAsBytes(node);
    }

    /** A server-sent event. */
    static byte[] event(JsonNode node) {
        return (EVENT + MAPPER.writeValueAsString(node) + END).getBytes(StandardCharsets.UTF_8);
    }

    /** The event that ends a stream. */
    static byte[] done() {
        return (EVENT + "[DONE]" + END).getBytes(StandardCharsets.US_ASCII);
    }

    static ObjectNode error(ApiException e) {
        ObjectNode root = object();
        root.putObject("error")
                .put("message", e.getMessage())
                .put("type", e.type())
                .put("param", e.param())
                .put("code", e.code());
        return root;
    }
}
