package io.karipap.format.gguf;

import io.karipap.json.Json;
import io.karipap.tokenizer.gguf.GgufMetadata;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes what a GGUF file says of sampling ({@code general.sampling.*}) as Hugging Face's {@code generation_config.json}. */
public final class GgufSampling {
    private static final String PREFIX = "general.sampling.";

    /** llama.cpp's names and Hugging Face's. What is not among them, such as mirostat, is no default that a request has here. */
    private static final Map<String, String> FIELDS = new TreeMap<>(Map.of(
            "temp", "temperature",
            "top_k", "top_k",
            "top_p", "top_p",
            "min_p", "min_p",
            "penalty_repeat", "repetition_penalty"));

    private GgufSampling() {}

    /**
     * The text of {@code generation_config.json}; absent where the file says nothing of sampling.
     *
     * @throws io.karipap.tokenizer.gguf.GgufFormatException if a value is no finite number
     */
    public static Optional<byte[]> toJson(GgufMetadata metadata) {
        ObjectNode config = Json.object();
        FIELDS.forEach((name, field) -> {
            if (metadata.keys().contains(PREFIX + name)) {
                if (GgufConfig.number(metadata, PREFIX + name) instanceof Long whole) {
                    config.put(field, whole);
                } else {
                    config.put(field, GgufConfig.number(metadata, PREFIX + name).doubleValue());
                }
            }
        });
        return config.isEmpty() ? Optional.empty() : Optional.of(Json.prettyBytes(config));
    }

    /**
     * What a {@code generation_config.json} says, by GGUF's keys; a temperature of 0 where it says not to draw.
     *
     * @param config the file
     */
    public static Map<String, Number> ofJson(JsonNode config) {
        Map<String, Number> keys = new TreeMap<>();
        FIELDS.forEach((name, field) -> {
            JsonNode value = config.path(field);
            if (value.isNumber() && field.equals("top_k")) {
                keys.put(PREFIX + name, Math.max(0, value.intValue())); // -1 says, as 0, that all tokens count
            } else if (value.isNumber()) {
                keys.put(PREFIX + name, value.floatValue());
            }
        });
        if (config.path("do_sample").isBoolean() && !config.path("do_sample").booleanValue()) {
            keys.put(PREFIX + "temp", 0f);
        }
        return keys;
    }
}
