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

    private static final String ORIGINAL = PREFIX + "original_context_length";
    private static final String FREQUENCIES = "rope_freqs.weight";
    private static final String LONG = "rope_factors_long.weight";
    private static final String SHORT = "rope_factors_short.weight";

    /** Those of every model that Llama 3.1 and its kin were published with. */
    private static final double LOW_FREQUENCY_FACTOR = 1;

    private static final double HIGH_FREQUENCY_FACTOR = 4;
    private static final long ORIGINAL_CONTEXT = 8192;

    private static final String ATTENTION_FACTOR = "attn_factor";

    /** Of the logarithm of the factor by which contexts grow. */
    private static final double YARN_MAGNITUDE = 0.1;

    private static final Map<String, String> FIELDS = Map.of(
            "factor",
            "factor",
            "original_context_length",
            "original_max_position_embeddings",
            ATTENTION_FACTOR,
            "attention_factor",
            "yarn_ext_factor",
            "extrapolation_factor",
            "yarn_attn_factor",
            "attention_factor",
            "yarn_beta_fast",
            "beta_fast",
            "yarn_beta_slow",
            "beta_slow");

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
            return Optional.of(factors(tensors.vector(FREQUENCIES)));
        }
        String type = metadata.string(prefix + "type", scaling.path("factor").asDouble(0) > 1 ? "linear" : "none");
        if (type.equals("none")
                || type.equals("linear") && scaling.path("factor").asDouble(0) == 1) {
            return Optional.empty();
        }
        double factor = scaling.path("factor").asDouble(1);
        if (type.equals("yarn") && metadata.keys().contains(prefix + ATTENTION_FACTOR) && factor > 1) {
            // a factor on what YaRN has by itself, where Hugging Face's is the whole
            scaling.put(
                    "attention_factor",
                    scaling.path("attention_factor").asDouble() * (1 + YARN_MAGNITUDE * Math.log(factor)));
        }
        return Optional.of(scaling.put("rope_type", type));
    }

    /**
     * Of the scaling of Llama 3, GGUF holds what its formula gives for every frequency, as floats. Other factors are those of a longrope
     * that has the same ones for every context.
     */
    private ObjectNode factors(float[] factors) {
        float largest = 1;
        boolean sound = factors.length > 0;
        for (float factor : factors) {
            sound &= factor >= largest && factor <= 1e6f; // a scaling never stretches a lower frequency less
            largest = Math.max(largest, factor);
        }
        if (!sound) {
            throw new GgufFormatException(
                    "has factors of rotary frequencies (" + FREQUENCIES + ") that do not grow from 1");
        }
        double theta = metadata.real(family.key("rope.freq_base"), 10_000);
        long context = metadata.number(family.key(ORIGINAL), ORIGINAL_CONTEXT);
        boolean formula = largest > 1;
        for (int i = 0; formula && i < factors.length; i++) {
            double expected = factor(Math.pow(theta, -(double) i / factors.length), largest, context);
            formula = Math.abs(factors[i] - expected) <= 1e-4 * expected;
        }
        if (formula) {
            return Json.object()
                    .put("rope_type", "llama3")
                    .put("factor", Double.parseDouble(Float.toString(largest)))
                    .put("low_freq_factor", LOW_FREQUENCY_FACTOR)
                    .put("high_freq_factor", HIGH_FREQUENCY_FACTOR)
                    .put("original_max_position_embeddings", context);
        }
        ObjectNode scaling = Json.object()
                .put("rope_type", "longrope")
                .put("factor", 1)
                .put("original_max_position_embeddings", metadata.number(family.key("context_length"), 0));
        put(scaling.putArray("long_factor"), factors);
        put(scaling.putArray("short_factor"), factors);
        return scaling;
    }

    /** By how much the scaling of Llama 3.1 divides a frequency. */
    private static double factor(double frequency, double factor, long context) {
        double turns = context * frequency / (2 * Math.PI);
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
