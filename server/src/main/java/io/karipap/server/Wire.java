package io.karipap.server;

import io.karipap.json.Json;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Events and errors as they are sent. */
final class Wire {
    private static final String EVENT = "data: ";
    private static final String END = "\n\n";

    private Wire() {}

    /** A server-sent event. */
    static byte[] event(JsonNode node) {
        return (EVENT + Json.text(node) + END).getBytes(StandardCharsets.UTF_8);
    }

    /** The event that ends a stream. */
    static byte[] done() {
        return (EVENT + "[DONE]" + END).getBytes(StandardCharsets.US_ASCII);
    }

    static ObjectNode error(ApiException e) {
        ObjectNode root = Json.object();
        root.putObject("error")
                .put("message", e.getMessage())
                .put("type", e.type())
                .put("param", e.param())
                .put("code", e.code());
        return root;
    }
}
