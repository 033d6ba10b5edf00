package io.karipap.model.family;

import io.karipap.format.Tensor;
import io.karipap.model.config.AttentionConfig;
import io.karipap.model.config.BlockNorm;
import io.karipap.model.config.LayerConfig;
import io.karipap.model.config.Linear;
import io.karipap.model.config.ModelConfig;
import io.karipap.model.config.ModelConfigBuilder;
import io.karipap.model.config.NormConfig;
import io.karipap.model.config.Rope;
import io.karipap.model.config.TensorNames;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What most families share: the names that began with Llama's, and how their sizes are given. */
final class Decoder {
    /** Norms before attention and before the MLP. */
    static final Map<BlockNorm, String> PRE_NORMS =
            Map.of(BlockNorm.BEFORE_ATTENTION, "input_layernorm", BlockNorm.BEFORE_MLP, "post_attention_layernorm");

    /** The same in GGUF. */
    static final Map<BlockNorm, String> GGUF_PRE_NORMS =
            Map.of(BlockNorm.BEFORE_ATTENTION, "attn_norm", BlockNorm.BEFORE_MLP, "ffn_norm");

    private Decoder() {}

    /** The usual names. */
    static TensorNames names(Map<BlockNorm, String> norms) {
        return new TensorNames(
                "model.embed_tokens.weight",
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
                norms);
    }

    /** The four sizes of a model. */
    static void sizes(Fields fields, ModelConfigBuilder model) {
        model.sizes(
                fields.size("hidden_size", 1 << 17),
                fields.size("intermediate_size", 1 << 20),
                fields.size("vocab_size", 1 << 20),
                fields.size("max_position_embeddings", 1 << 24));
    }

    /** Number of blocks. */
    static int layers(Fields fields) {
        return fields.size("num_hidden_layers", 1 << 10);
    }

    /** Heads that share keys and values in groups, scaled by 1/√H. */
    static AttentionConfig attention(Fields fields) {
        int hidden = fields.size("hidden_size", 1 << 17);
        int heads = fields.size("num_attention_heads", 1 << 12);
        int kvHeads = fields.size("num_key_value_heads", 1 << 12, heads);
        if (heads % kvHeads != 0) {
            throw fields.fail("num_attention_heads " + heads + " is not a multiple of num_key_value_heads " + kvHeads);
        }
        if (!fields.has("head_dim") && hidden % heads != 0) {
            throw fields.fail("hidden_size " + hidden + " is not a multiple of num_attention_heads " + heads);
        }
        return AttentionConfig.of(heads, kvHeads, fields.size("head_dim", 1 << 12, hidden / heads));
    }

    /** Norms of the root mean square. */
    static NormConfig rmsNorms(Fields fields, Set<BlockNorm> places) {
        double epsilon = fields.positive("rms_norm_eps", 1e-6);
        return new NormConfig(NormConfig.Kind.RMS, (float) epsilon, 0, places, false);
    }

    /** Whether the head is the embedding. */
    static boolean tied(Fields fields, boolean fallback) {
        return fields.flag("tie_word_embeddings", fallback);
    }

    /** A block that sees everything. */
    static LayerConfig everything(Rope rope) {
        return new LayerConfig(LayerConfig.EVERYTHING, Optional.of(rope));
    }

    /** The tensors without those that hold what is computed anyway: frequencies of old files, and a head that is the embedding. */
    static Map<String, Tensor> needed(Map<String, Tensor> file, ModelConfig config) {
        Map<String, Tensor> needed = new LinkedHashMap<>(file);
        needed.keySet().removeIf(name -> name.endsWith(".rotary_emb.inv_freq"));
        if (config.tiedEmbedding()) {
            needed.remove(config.names().head());
        }
        return needed;
    }
}
