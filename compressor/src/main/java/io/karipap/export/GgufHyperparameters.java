package io.karipap.export;

import io.karipap.format.ModelFormatException;
import io.karipap.format.gguf.GgufFamily;
import io.karipap.model.config.AttentionConfig;
import io.karipap.model.config.LayerConfig;
import io.karipap.model.config.ModelConfig;
import io.karipap.model.config.Multipliers;
import io.karipap.model.config.Rope;
import io.karipap.model.config.RopeScaling;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Hyperparameters as GGUF holds them: keys by the family's table, rotary scalings as keys or as factors of the frequencies. Whether that says
 * all of the model, {@link GgufAgreement} finds out.
 */
final class GgufHyperparameters {
    private static final String LONG = "rope_factors_long.weight";
    private static final String SHORT = "rope_factors_short.weight";
    private static final String FREQUENCIES = "rope_freqs.weight";
    private static final int LLAMA3_CONTEXT = 8192;

    private final ModelConfig config;
    private final GgufFamily family;
    private final Map<String, float[]> factors = new LinkedHashMap<>();

    /** The blocks' windows where there are some. */
    private final boolean[] sliding;

    GgufHyperparameters(ModelConfig config, GgufFamily family) {
        this.config = config;
        this.family = family;
        sliding = new boolean[config.layers()];
        for (int i = 0; i < sliding.length; i++) {
            sliding[i] = config.layer(i).window() != LayerConfig.EVERYTHING;
        }
    }

    /** Factors of rotary frequencies, which are tensors; after {@link #put}. */
    Map<String, float[]> factors() {
        return factors;
    }

    /** @throws ModelFormatException if there is something that GGUF has no key for */
    void put(GgufWriter writer) {
        Map<String, Number> values = values();
        new TreeMap<>(family.fields()).forEach((key, field) -> {
            if (values.containsKey(field)) {
                put(writer, key, values.get(field));
            }
        });
        put(writer, "vocab_size", config.vocabularySize());
        if (values.containsKey("head_dim") && family.fields().containsValue("head_dim")) {
            put(writer, "attention.value_length", config.headDim());
        }
        if (hasWindows() && !isUsualPattern()) {
            writer.putBools(
                    family.key("attention.sliding_window_pattern"),
                    IntStream.range(0, sliding.length).mapToObj(i -> sliding[i]).toList());
        }
        if (!config.ropes().isEmpty()) {
            put(writer, "rope.dimension_count", rope(false).dimensions());
            scaling(writer, rope(false));
        }
    }

    private void put(GgufWriter writer, String key, Number value) {
        if (value instanceof Integer whole) {
            writer.put(family.key(key), whole);
        } else {
            writer.put(family.key(key), value.floatValue());
        }
    }

    /** By the names of {@code config.json}. */
    private Map<String, Number> values() {
        Map<String, Number> values = new HashMap<>();
        alike(values, config.longestContext(), "max_position_embeddings", "n_positions");
        alike(values, config.hiddenSize(), "hidden_size", "n_embd");
        alike(values, config.layers(), "num_hidden_layers", "n_layer");
        alike(values, config.intermediateSize(), "intermediate_size", "n_inner");
        alike(values, config.heads(), "num_attention_heads", "n_head");
        alike(values, config.norms().epsilon(), "rms_norm_eps", "layer_norm_epsilon");
        values.put("num_key_value_heads", config.kvHeads());
        values.put("head_dim", config.headDim());
        AttentionConfig attention = config.attention();
        values.put("attention_multiplier", attention.scale());
        Multipliers multipliers = config.multipliers();
        values.put("embedding_multiplier", multipliers.embedding());
        values.put("residual_multiplier", multipliers.residual());
        values.put("logits_scaling", inverse(multipliers.logits()));
        if (attention.softCap() > 0) {
            values.put("attn_logit_softcapping", attention.softCap());
        }
        if (multipliers.logitSoftCap() > 0) {
            values.put("final_logit_softcapping", multipliers.logitSoftCap());
        }
        if (hasWindows()) {
            values.put("sliding_window", window());
        } else if (family.traits().partialRotary()) {
            values.put("sliding_window", 0); // by which llama.cpp knows Phi-4 from Phi-3
        }
        if (!config.ropes().isEmpty()) {
            values.put("rope_theta", (float) rope(false).theta());
            values.put("rope_local_base_freq", (float) rope(true).theta());
            values.put(
                    "original_max_position_embeddings",
                    originalContext(rope(false).scaling()));
        }
        return values;
    }

    private static void alike(Map<String, Number> values, Number value, String... names) {
        for (String name : names) {
            values.put(name, value);
        }
    }

    private int originalContext(RopeScaling scaling) {
        return scaling instanceof RopeScaling.LongRope some ? some.originalContext() : config.longestContext();
    }

    private boolean hasWindows() {
        return IntStream.range(0, sliding.length).anyMatch(i -> sliding[i]);
    }

    private int window() {
        return IntStream.range(0, sliding.length)
                .filter(i -> sliding[i])
                .map(i -> config.layer(i).window())
                .findFirst()
                .orElseThrow();
    }

    /** Whether the windows are where the architecture has them by itself. */
    private boolean isUsualPattern() {
        int period =
                switch (family.architecture()) {
                    case "gemma2" -> 2;
                    case "gemma3" -> 6;
                    default -> 0;
                };
        return IntStream.range(0, sliding.length).allMatch(i -> sliding[i] == (period == 0 || i % period < period - 1));
    }

    /** The rotary positions of blocks with a window, or of those without; of others where there are none such. */
    private Rope rope(boolean windowed) {
        return IntStream.range(0, sliding.length)
                .filter(i -> sliding[i] == windowed && config.layer(i).rope().isPresent())
                .mapToObj(i -> config.layer(i).rope().orElseThrow())
                .findFirst()
                .orElseGet(() -> config.ropes().getFirst());
    }

    private void scaling(GgufWriter writer, Rope rope) {
        switch (rope.scaling()) {
            case RopeScaling.None _ -> {
                // nothing to say
            }
            case RopeScaling.Linear linear -> {
                writer.put(family.key("rope.scaling.type"), "linear");
                put(writer, "rope.scaling.factor", (float) linear.factor());
            }
            case RopeScaling.Yarn yarn -> yarn(writer, yarn);
            case RopeScaling.LongRope some -> longRope(writer, some);
            case RopeScaling.Llama3 llama3 -> {
                double[] plain = new RopeScaling.None().frequencies(rope.theta(), rope.dimensions(), 0);
                double[] scaled = llama3.frequencies(rope.theta(), rope.dimensions(), 0);
                float[] divisors = new float[plain.length];
                for (int i = 0; i < plain.length; i++) {
                    divisors[i] = (float) (plain[i] / scaled[i]);
                }
                factors.put(FREQUENCIES, divisors);
                if (llama3.originalContext() != LLAMA3_CONTEXT) { // nobody but our reader asks for it
                    put(writer, "rope.scaling.original_context_length", (int) llama3.originalContext());
                }
            }
            case RopeScaling.Dynamic _ ->
                throw new ModelFormatException("the model's rotary scaling is \"dynamic\", which GGUF cannot say");
        }
    }

    /** llama.cpp turns with 1 + 0.1·ln(factor) by itself; its factor is one on that. */
    private void yarn(GgufWriter writer, RopeScaling.Yarn yarn) {
        writer.put(family.key("rope.scaling.type"), "yarn");
        put(writer, "rope.scaling.factor", (float) yarn.factor());
        put(writer, "rope.scaling.original_context_length", (int) yarn.originalContext());
        double own = yarn.factor() > 1 ? 1 + 0.1 * Math.log(yarn.factor()) : 1;
        if (Math.abs(yarn.magnitude() - own) > 1e-9) {
            put(writer, "rope.scaling.attn_factor", (float) (yarn.magnitude() / own));
        }
        if (yarn.fast() != 32) {
            put(writer, "rope.scaling.yarn_beta_fast", (float) yarn.fast());
        }
        if (yarn.slow() != 1) {
            put(writer, "rope.scaling.yarn_beta_slow", (float) yarn.slow());
        }
    }

    private void longRope(GgufWriter writer, RopeScaling.LongRope scaling) {
        if (scaling.longFactors().equals(scaling.shortFactors()) && scaling.magnitude() == 1) {
            factors.put(FREQUENCIES, floats(scaling.longFactors()));
            return;
        }
        writer.put(family.key("rope.scaling.type"), "longrope");
        put(writer, "rope.scaling.attn_factor", (float) scaling.magnitude());
        if (!family.fields().containsKey("rope.scaling.original_context_length")) {
            put(writer, "rope.scaling.original_context_length", scaling.originalContext());
        }
        factors.put(LONG, floats(scaling.longFactors()));
        factors.put(SHORT, floats(scaling.shortFactors()));
    }

    private static float[] floats(List<Double> values) {
        float[] floats = new float[values.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = values.get(i).floatValue();
        }
        return floats;
    }

    /** The float of which {@code value} is the inverse, rounded; of several, the one that is written with the fewest digits. */
    private static float inverse(float value) {
        float near = (float) (1.0 / value);
        float best = near;
        for (float candidate : new float[] {Math.nextDown(near), near, Math.nextUp(near)}) {
            boolean exact = (float) (1 / Double.parseDouble(Float.toString(candidate))) == value;
            if (exact
                    && Float.toString(candidate).length() < Float.toString(best).length()) {
                best = candidate;
            }
        }
        return best;
    }
}
