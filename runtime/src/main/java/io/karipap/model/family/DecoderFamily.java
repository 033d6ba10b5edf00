package io.karipap.model.family;

import io.karipap.format.Tensor;
import io.karipap.model.config.AttentionConfig;
import io.karipap.model.config.BlockNorm;
import io.karipap.model.config.LayerConfig;
import io.karipap.model.config.Linear;
import io.karipap.model.config.MlpConfig;
import io.karipap.model.config.ModelConfig;
import io.karipap.model.config.ModelConfigBuilder;
import io.karipap.model.config.Multipliers;
import io.karipap.model.config.NormConfig;
import io.karipap.model.config.Rope;
import io.karipap.model.config.TensorNames;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The form that most families share and that began with Llama (Touvron et al., arXiv 2302.13971): RMSNorm before each half block, heads that
 * share keys and values in groups, rotary positions, a gated MLP with SiLU. A family says what it has otherwise.
 */
abstract class DecoderFamily extends Family {
    static final Map<BlockNorm, String> PRE_NORMS =
            Map.of(BlockNorm.BEFORE_ATTENTION, "input_layernorm", BlockNorm.BEFORE_MLP, "post_attention_layernorm");

    static final int MAX_HIDDEN = 1 << 17;
    static final int MAX_HEADS = 1 << 12;
    static final int MAX_POSITIONS = 1 << 24;

    /** The norms of a block and their names. */
    Map<BlockNorm, String> normNames() {
        return PRE_NORMS;
    }

    @Override
    TensorNames names() {
        return new TensorNames(
                "model.embed_tokens.weight",
                Optional.empty(),
                "model.norm",
                "lm_head.weight",
                "model.layers.#.",
                Map.of(
                        Linear.Q, "self_attn.q_proj",
                        Linear.K, "self_attn.k_proj",
                        Linear.V, "self_attn.v_proj",
                        Linear.O, "self_attn.o_proj",
                        Linear.GATE, "mlp.gate_proj",
                        Linear.UP, "mlp.up_proj",
                        Linear.DOWN, "mlp.down_proj"),
                normNames());
    }

    @Override
    final void describe(Fields fields, ModelConfigBuilder model) {
        int positions = positions(fields);
        AttentionConfig attention = attention(fields);
        int layers = fields.size("num_hidden_layers", 1 << 10);
        model.sizes(
                        fields.size("hidden_size", MAX_HIDDEN),
                        fields.size("intermediate_size", 1 << 20),
                        vocabulary(fields),
                        positions)
                .attention(attention)
                .layers(layers(fields, layers, new RopeFields(fields, attention.headDim(), positions)))
                .norms(norms(fields))
                .mlp(mlp(fields))
                .biases(biases(fields))
                .multipliers(multipliers(fields))
                .tiedEmbedding(fields.flag("tie_word_embeddings", tiedEmbedding()));
    }

    /** V. */
    int vocabulary(Fields fields) {
        return fields.size("vocab_size", 1 << 20);
    }

    /** Context length in tokens. */
    int positions(Fields fields) {
        return fields.size("max_position_embeddings", MAX_POSITIONS);
    }

    /** Heads in groups, scaled by 1/√H. */
    AttentionConfig attention(Fields fields) {
        int hidden = fields.size("hidden_size", MAX_HIDDEN);
        int heads = fields.size("num_attention_heads", MAX_HEADS);
        if (!fields.has("head_dim") && hidden % heads != 0) {
            throw fields.fail("hidden_size " + hidden + " is not a multiple of num_attention_heads " + heads);
        }
        return heads(fields, heads, heads, hidden / heads);
    }

    /** The heads, with the numbers of a config that does not give them. */
    static AttentionConfig heads(Fields fields, int defaultHeads, int defaultKvHeads, int defaultHeadDim) {
        int heads = fields.size("num_attention_heads", MAX_HEADS, defaultHeads);
        int kvHeads = fields.size("num_key_value_heads", MAX_HEADS, defaultKvHeads);
        if (heads % kvHeads != 0) {
            throw fields.fail("num_attention_heads " + heads + " is not a multiple of num_key_value_heads " + kvHeads);
        }
        return AttentionConfig.of(heads, kvHeads, fields.size("head_dim", 1 << 12, defaultHeadDim));
    }

    /** What differs between the blocks: nothing. */
    List<LayerConfig> layers(Fields fields, int layers, RopeFields rope) {
        return Collections.nCopies(layers, new LayerConfig(LayerConfig.EVERYTHING, Optional.of(rope.read(10_000))));
    }

    NormConfig norms(Fields fields) {
        return rmsNorms(fields, 1e-6, 0, false);
    }

    /** Norms of the root mean square at the places of {@link #normNames}. */
    final NormConfig rmsNorms(Fields fields, double epsilon, float weightOffset, boolean wholeProjection) {
        return new NormConfig(
                NormConfig.Kind.RMS,
                (float) fields.positive("rms_norm_eps", epsilon),
                weightOffset,
                normNames().keySet(),
                wholeProjection);
    }

    MlpConfig mlp(Fields fields) {
        fields.requireOneOf("hidden_act", "\"silu\"");
        return new MlpConfig(MlpConfig.Activation.SILU, true);
    }

    /** The operators that have a bias. */
    Set<Linear> biases(Fields fields) {
        fields.requireOneOf("attention_bias", "false");
        fields.requireOneOf("mlp_bias", "false");
        return Set.of();
    }

    Multipliers multipliers(Fields fields) {
        return Multipliers.NONE;
    }

    /** Whether the head is the embedding where the config does not say. */
    boolean tiedEmbedding() {
        return false;
    }

    /** A block that sees everything or looks back over a window. */
    static LayerConfig layer(int window, Rope rope) {
        return new LayerConfig(window, Optional.of(rope));
    }

    /** The tensors without those that hold what is computed anyway: frequencies of old files, and a head that is the embedding. */
    @Override
    public Map<String, Tensor> arrange(Map<String, Tensor> file, ModelConfig config) {
        Map<String, Tensor> needed = new LinkedHashMap<>(file);
        needed.keySet().removeIf(name -> name.endsWith(".rotary_emb.inv_freq"));
        if (config.tiedEmbedding()) {
            needed.remove(config.names().head());
        }
        return needed;
    }
}
