package io.karipap.server;

import io.karipap.generate.FinishReason;
import io.karipap.generate.GenerationEvent;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Bodies of responses, in OpenAI's shapes. */
final class Responses {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private Responses() {}

    static byte[] error(ApiException e) {
        ObjectNode root = MAPPER.createObjectNode();
        root.putObject("error")
                .put("message", e.getMessage())
                .put("type", e.type())
                .put("param", e.param())
                .put("code", e.code());
        return MAPPER.writeValueAsBytes(root);
    }

    static byte[] models(String name, long created, int contextLength) {
        ObjectNode root = MAPPER.createObjectNode();
        root.put("object", "list");
        root.putArray("data").add(modelNode(name, created, contextLength));
        return MAPPER.writeValueAsBytes(root);
    }

    static byte[] model(String name, long created, int contextLength) {
        return MAPPER.writeValueAsBytes(modelNode(name, created, contextLength));
    }

    private static ObjectNode modelNode(String name, long created, int contextLength) {
        return MAPPER.createObjectNode()
                .put("id", name)
                .put("object", "model")
                .put("created", created)
                .put("owned_by", "karipap")
                .put("root", name)
                .put("max_model_len", contextLength);
    }

    /** What all chunks and the response of one completion have in common. */
    record Head(String id, long created, String model, String fingerprint) {
        private ObjectNode node() {
            return MAPPER.createObjectNode()
                    .put("id", id)
                    .put("object", "text_completion")
                    .put("created", created)
                    .put("model", model)
                    .put("system_fingerprint", fingerprint);
        }
    }

    static byte[] completion(Head head, String text, GenerationEvent.Finished end) {
        ObjectNode root = head.node();
        addChoice(root, text, end.reason());
        addUsage(root, end);
        return MAPPER.writeValueAsBytes(root);
    }

    /** An event of a stream; {@code reason} is null but in the last one. */
    static byte[] chunk(Head head, String text, FinishReason reason, boolean nullUsage) {
        ObjectNode root = head.node();
        addChoice(root, text, reason);
        if (nullUsage) {
            root.putNull("usage");
        }
        return event(root);
    }

    static byte[] usageChunk(Head head, GenerationEvent.Finished end) {
        ObjectNode root = head.node();
        root.putArray("choices");
        addUsage(root, end);
        return event(root);
    }

    static byte[] errorEvent(ApiException e) {
        return ("data: " + new String(error(e), StandardCharsets.UTF_8) + "\n\n").getBytes(StandardCharsets.UTF_8);
    }

    static byte[] done() {
        return "data: [DONE]\n\n".getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] event(ObjectNode root) {
        return ("data: " + MAPPER.writeValueAsString(root) + "\n\n").getBytes(StandardCharsets.UTF_8);
    }

    private static void addChoice(ObjectNode root, String text, FinishReason reason) {
        ObjectNode choice = root.putArray("choices").addObject();
        choice.put("text", text).put("index", 0).putNull("logprobs");
        choice.put("finish_reason", reason == null ? null : reason.name().toLowerCase(Locale.ROOT));
    }

    private static void addUsage(ObjectNode root, GenerationEvent.Finished end) {
        ObjectNode usage = root.putObject("usage");
        usage.put("prompt_tokens", end.promptTokens());
        usage.put("completion_tokens", end.completionTokens());
        usage.put("total_tokens", end.promptTokens() + end.completionTokens());
        usage.putObject("prompt_tokens_details").put("cached_tokens", 0);
    }
}
