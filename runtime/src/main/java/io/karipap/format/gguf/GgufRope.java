package io.karipap.format.gguf;

import io.karipap.json.Json;
import io.karipap.tokenizer.gguf.GgufFormatException;
import io.karipap.tokenizer.gguf.GgufMetadata;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** How rotary frequencies are stretched, as {@code rope_scaling} of Hugging Face's {@code config.json}. */
final class GgufRope {
    static final String PREFIX = "rope.scaling.";

    private static final String FREQUENCIES = "rope_freqs.weight";
    private static final String LONG = "rope_factors_long.weight";
    private static final String SHORT = "rope_factors_short.weight";

    /** Those of every model that Llama 3.1 and its kin were published with. */
    private static final double LOW_FREQUENCY_FACTOR = 1;

    private static final double HIGH_FREQUENCY_FACTOR = 4;
    private static final double ORIGINAL_CONTEXT = 8192;

    private static final Map<String, String> FIELDS = Map.of(
            "factor", "factor",
            "original_context_length", "original_max_position_embeddings",
            "attn_factor", "attention_factor",
            "yarn_ext_factor", "extrapolation_factor",
            "yarn_attn_factor", "attention_factor",
            "yarn_beta_fast", "beta_fast",
            "yarn_beta_slow", "beta_slow");

    private final GgufMetadata metadata;
    private final GgufFamily family;
    private final GgufTensorFacts tensors;

    GgufRope(GgufMetadata metadata, GgufFamily family, GgufTensorFacts tensors) {
        this.metadata = metadata;
        this.family = family;
        this.tensors = tensors;
    }

    /** Whether {@code name} is a tensor that belongs here. */
    static boolean owns(String name) {
        return name.equals(FREQUENCIES) || name.equals(LONG) || name.equals(SHORT);
    }

    /** Empty where frequencies are as trained. */
    Optional<ObjectNode> scaling() {
        ObjectNode scaling = Json.object();
        String prefix = family.key(PREFIX);
        for (String key : metadata.keys()) {
            String suffix = key.startsWith(prefix) ? key.substring(prefix.length()) : "";
            if (FIELDS.containsKey(suffix)) {
                scaling.put(FIELDS.get(suffix), GgufConfig.number(metadata, key).doubleValue());
            } else if (!suffix.isEmpty() && !suffix.equals("type") && !suffix.equals("finetuned")) {
                throw new GgufFormatException("has the hyperparameter " + key + ", which is not supported");
            }
        }
        if (tensors.has(LONG) || tensors.has(SHORT)) {
            scaling.put("rope_type", "longrope");
            put(scaling.putArray("long_factor"), tensors.vector(LONG));
            put(scaling.putArray("short_factor"), tensors.vector(SHORT));
            return Optional.of(scaling);
        }
        if (tensors.has(FREQUENCIES)) {
            return factors(tensors.vector(FREQUENCIES));
        }
        String type = metadata.string(prefix + "type", scaling.path("factor").asDouble(0) > 1 ? "linear" : "none");
        if (type.equals("none")
                || type.equals("linear") && scaling.path("factor").asDouble(0) == 1) {
            return Optional.empty();
        }
        return Optional.of(scaling.put("rope_type", type));
    }

    /** Of the scaling of Llama 3, GGUF holds what its formula gives for every frequency, as floats. */
    private Optional<ObjectNode> factors(float[] factors) {
        float largest = 1;
        boolean sound = factors.length > 0;
        for (float factor : factors) {
            sound &= factor >= 1 && factor <= 1e6f;
            largest = Math.max(largest, factor);
        }
        double theta = metadata.real(family.key("rope.freq_base"), 10_000);
        for (int i = 0; sound && i < factors.length; i++) {
            double expected = factor(Math.pow(theta, -(double) i / factors.length), largest);
            sound = Math.abs(factors[i] - expected) <= 1e-4 * expected;
        }
        if (!sound) {
            throw new GgufFormatException(
                    "has factors of rotary frequencies (" + FREQUENCIES + ") that are not those of Llama 3");
        }
        if (largest == 1) {
            return Optional.empty();
        }
        return Optional.of(Json.object()
                .put("rope_type", "llama3")
                .put("factor", Double.parseDouble(Float.toString(largest)))
                .put("low_freq_factor", LOW_FREQUENCY_FACTOR)
                .put("high_freq_factor", HIGH_FREQUENCY_FACTOR)
                .put("original_max_position_embeddings", ORIGINAL_CONTEXT));
    }

    /** By how much the scaling of Llama 3.1 divides a frequency. */
    private static double factor(double frequency, double factor) {
        double turns = ORIGINAL_CONTEXT * frequency / (2 * Math.PI);
        if (turns > HIGH_FREQUENCY_FACTOR) {
            return 1;
        }
        if (turns < LOW_FREQUENCY_FACTOR) {
            return factor;
        }
        double smooth = (turns - LOW_FREQUENCY_FACTOR) / (HIGH_FREQUENCY_FACTOR - LOW_FREQUENCY_FACTOR);
        return 1 / ((1 - smooth) / factor + smooth);
    }

    private static void put(ArrayNode array, float[] values) {
        for (float value : values) {
            array.add(value);
        }
    }
}
