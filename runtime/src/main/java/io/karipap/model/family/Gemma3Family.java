package io.karipap.model.family;

import io.karipap.format.Tensor;
import io.karipap.model.config.BlockNorm;
import io.karipap.model.config.LayerConfig;
import io.karipap.model.config.ModelConfig;
import io.karipap.model.config.Rope;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Gemma 3, the language model alone (arXiv 2503.19786): norms of queries and keys; five of six blocks look back over a window and have rotary positions
 * with a base of their own.
 */
final class Gemma3Family extends GemmaFamily {
    private static final Pattern SIGHT = Pattern.compile("(model\\.)?(vision_tower|multi_modal_projector)\\.");

    @Override
    Set<String> modelTypes() {
        return Set.of("gemma3", "gemma3_text");
    }

    @Override
    Fields language(Fields fields) {
        return fields.object("text_config").orElse(fields);
    }

    /** Of a model that sees, the language model alone is read. */
    @Override
    public Map<String, Tensor> arrange(Map<String, Tensor> file, ModelConfig config) {
        Map<String, Tensor> language = new LinkedHashMap<>();
        file.forEach((stored, tensor) -> {
            if (!SIGHT.matcher(stored).lookingAt()) {
                String name = stored.replaceFirst("^language_model\\.", "")
                        .replaceFirst("^model\\.language_model\\.", "model.");
                language.put(name, tensor.named(name));
            }
        });
        return super.arrange(language, config);
    }

    @Override
    Set<String> harmless() {
        Set<String> harmless = new HashSet<>(super.harmless());
        harmless.addAll(Set.of(
                "boi_token_index",
                "eoi_token_index",
                "image_token_index",
                "mm_tokens_per_image",
                "tie_word_embeddings",
                "vision_config"));
        return harmless;
    }

    @Override
    Map<BlockNorm, String> normNames() {
        return Map.of(
                BlockNorm.BEFORE_ATTENTION, "input_layernorm",
                BlockNorm.QUERY, "self_attn.q_norm",
                BlockNorm.KEY, "self_attn.k_norm",
                BlockNorm.AFTER_ATTENTION, "post_attention_layernorm",
                BlockNorm.BEFORE_MLP, "pre_feedforward_layernorm",
                BlockNorm.AFTER_MLP, "post_feedforward_layernorm");
    }

    @Override
    int vocabulary(Fields fields) {
        return fields.size("vocab_size", 1 << 20, 262_208);
    }

    @Override
    int positions(Fields fields) {
        return fields.size("max_position_embeddings", MAX_POSITIONS, 131_072);
    }

    @Override
    List<LayerConfig> layers(Fields fields, int layers, RopeFields rope) {
        Optional<Fields> parameters = fields.object("rope_parameters");
        Optional<Fields> everything =
                parameters.flatMap(p -> p.object("full_attention")).or(() -> fields.object("rope_scaling"));
        Optional<Fields> nearby = parameters.flatMap(p -> p.object("sliding_attention"));
        parameters.ifPresent(p -> p.refuseOthers(Set.of()));
        Rope whole = rope.read(everything, "rope_theta", 1_000_000);
        Rope local = rope.read(nearby, "rope_local_base_freq", 10_000);
        int window = Windows.size(fields, 4096);
        int pattern =
                fields.size("sliding_window_pattern", 1 << 10, fields.size("_sliding_window_pattern", 1 << 10, 6));
        boolean[] sliding = Windows.sliding(fields, layers, i -> (i + 1) % pattern != 0);
        return IntStream.range(0, layers)
                .mapToObj(i -> sliding[i] ? layer(window, local) : layer(LayerConfig.EVERYTHING, whole))
                .toList();
    }

    @Override
    double attentionCap() {
        return 0;
    }

    @Override
    double logitCap() {
        return 0;
    }
}
