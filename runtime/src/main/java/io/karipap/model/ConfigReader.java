package io.karipap.model;

import io.karipap.format.ModelFormatException;
import io.karipap.json.Json;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Reads {@code config.json}. What it does not know it refuses by name. */
final class ConfigReader {
    private static final Set<String> MODEL_TYPES = Set.of("llama", "mistral", "qwen2");

    private final String file;
    private final JsonNode root;

    private ConfigReader(String file, JsonNode root) {
        this.file = file;
        this.root = root;
    }

    /** @throws ModelFormatException if the file is malformed or the architecture is not supported */
    static ModelConfig read(String file, byte[] json) {
        JsonNode root;
        try {
            root = Json.parse(json);
        } catch (JacksonException e) {
            throw new ModelFormatException(file + " is not valid JSON: " + e.getOriginalMessage(), e);
        }
        return new ConfigReader(file, root).config();
    }

    private ModelConfig config() {
        String type = root.path("model_type").asString("");
        if (!MODEL_TYPES.contains(type)) {
            throw fail("model_type is \"" + type + "\", expected one of " + MODEL_TYPES);
        }
        if (!root.path("hidden_act").asString("silu").equals("silu")) {
            throw fail("hidden_act is " + root.path("hidden_act") + ", expected \"silu\"");
        }
        if (root.path("mlp_bias").asBoolean(false)) {
            throw fail("mlp_bias is not supported");
        }
        int hidden = size("hidden_size", 1 << 17);
        int heads = size("num_attention_heads", 1 << 12);
        int kvHeads = root.hasNonNull("num_key_value_heads") ? size("num_key_value_heads", 1 << 12) : heads;
        int positions = size("max_position_embeddings", 1 << 24);
        if (heads % kvHeads != 0) {
            throw fail("num_attention_heads " + heads + " is not a multiple of num_key_value_heads " + kvHeads);
        }
        if (!root.hasNonNull("head_dim") && hidden % heads != 0) {
            throw fail("hidden_size " + hidden + " is not a multiple of num_attention_heads " + heads);
        }
        int headDim = root.hasNonNull("head_dim") ? size("head_dim", 1 << 12) : hidden / heads;
        if (headDim % 2 != 0) {
            throw fail("head_dim " + headDim + " is odd; rotary embedding needs pairs");
        }
        int window = root.path("sliding_window").asInt(0);
        if (window > 0 && window < positions && root.path("use_sliding_window").asBoolean(!type.equals("qwen2"))) {
            throw fail("sliding_window " + window + " is not supported");
        }
        double epsilon = root.path("rms_norm_eps").asDouble(1e-6);
        double theta = root.path("rope_theta").asDouble(10_000);
        if (!(epsilon >= 0) || !(theta > 1)) {
            throw fail("rms_norm_eps " + epsilon + " or rope_theta " + theta + " is out of range");
        }
        return new ModelConfig(
                hidden,
                size("intermediate_size", 1 << 20),
                size("num_hidden_layers", 1 << 10),
                heads,
                kvHeads,
                headDim,
                size("vocab_size", 1 << 20),
                positions,
                (float) epsilon,
                theta,
                ropeScaling(root.path("rope_scaling")),
                root.path("tie_word_embeddings").asBoolean(false),
                root.path("attention_bias").asBoolean(type.equals("qwen2")));
    }

    private RopeScaling ropeScaling(JsonNode node) {
        if (node.isMissingNode() || node.isNull()) {
            return new RopeScaling.None();
        }
        String type = node.path("rope_type").asString(node.path("type").asString(""));
        return switch (type) {
            case "default" -> new RopeScaling.None();
            case "linear" -> new RopeScaling.Linear(positive(node, "factor"));
            case "llama3" ->
                new RopeScaling.Llama3(
                        positive(node, "factor"),
                        positive(node, "low_freq_factor"),
                        positive(node, "high_freq_factor"),
                        positive(node, "original_max_position_embeddings"));
            default -> throw fail("rope_scaling type \"" + type + "\" is not supported");
        };
    }

    private double positive(JsonNode node, String field) {
        double value = node.path(field).asDouble(0);
        if (!(value > 0)) {
            throw fail("rope_scaling." + field + " is " + node.path(field) + ", expected a positive number");
        }
        return value;
    }

    private int size(String field, int limit) {
        JsonNode node = root.path(field);
        if (!node.isIntegralNumber() || !node.canConvertToInt() || node.intValue() < 1 || node.intValue() > limit) {
            throw fail(field + " is " + (node.isMissingNode() ? "missing" : node) + ", expected 1.." + limit);
        }
        return node.intValue();
    }

    private ModelFormatException fail(String what) {
        return new ModelFormatException(file + ": " + what);
    }
}
