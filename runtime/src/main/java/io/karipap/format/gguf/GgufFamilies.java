package io.karipap.format.gguf;

import io.karipap.format.gguf.GgufFamily.Traits;
import io.karipap.tokenizer.gguf.GgufFormatException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The families whose GGUF files are understood, each as what differs from the llama family. */
public final class GgufFamilies {
    private static final String LAYER = "model.layers.*.";
    private static final Traits LIKE_HUGGING_FACE = new Traits(false, false, false);
    private static final Traits NEIGHBOURS = new Traits(true, false, false);

    private static final GgufFamily LLAMA = new GgufFamily(
            "llama",
            "llama",
            NEIGHBOURS,
            Map.ofEntries(
                    Map.entry("token_embd", "model.embed_tokens"),
                    Map.entry("output_norm", "model.norm"),
                    Map.entry("output", "lm_head"),
                    Map.entry("blk.*.attn_norm", LAYER + "input_layernorm"),
                    Map.entry("blk.*.attn_q", LAYER + "self_attn.q_proj"),
                    Map.entry("blk.*.attn_k", LAYER + "self_attn.k_proj"),
                    Map.entry("blk.*.attn_v", LAYER + "self_attn.v_proj"),
                    Map.entry("blk.*.attn_output", LAYER + "self_attn.o_proj"),
                    Map.entry("blk.*.ffn_norm", LAYER + "post_attention_layernorm"),
                    Map.entry("blk.*.ffn_gate", LAYER + "mlp.gate_proj"),
                    Map.entry("blk.*.ffn_up", LAYER + "mlp.up_proj"),
                    Map.entry("blk.*.ffn_down", LAYER + "mlp.down_proj")),
            Map.of(
                    "context_length", "max_position_embeddings",
                    "embedding_length", "hidden_size",
                    "block_count", "num_hidden_layers",
                    "feed_forward_length", "intermediate_size",
                    "attention.head_count", "num_attention_heads",
                    "attention.head_count_kv", "num_key_value_heads",
                    "attention.key_length", "head_dim",
                    "attention.layer_norm_rms_epsilon", "rms_norm_eps",
                    "attention.sliding_window", "sliding_window",
                    "rope.freq_base", "rope_theta"),
            Map.of("hidden_act", "silu"));

    private static final Map<String, String> HEAD_NORMS = Map.of(
            "blk.*.attn_q_norm", LAYER + "self_attn.q_norm",
            "blk.*.attn_k_norm", LAYER + "self_attn.k_norm");

    private static final GgufFamily QWEN2 =
            LLAMA.derive("qwen2", "qwen2", LIKE_HUGGING_FACE, Map.of(), Map.of(), LLAMA.constants());

    private static final GgufFamily QWEN3 =
            LLAMA.derive("qwen3", "qwen3", LIKE_HUGGING_FACE, HEAD_NORMS, Map.of(), LLAMA.constants());

    private static final GgufFamily GEMMA2 = LLAMA.derive(
            "gemma2",
            "gemma2",
            new Traits(false, true, false),
            Map.of(
                    "blk.*.post_attention_norm", LAYER + "post_attention_layernorm",
                    "blk.*.ffn_norm", LAYER + "pre_feedforward_layernorm",
                    "blk.*.post_ffw_norm", LAYER + "post_feedforward_layernorm"),
            Map.of(
                    "attn_logit_softcapping", "attn_logit_softcapping",
                    "final_logit_softcapping", "final_logit_softcapping"),
            Map.of("hidden_activation", "gelu_pytorch_tanh"));

    private static final GgufFamily GEMMA3 = GEMMA2.derive(
            "gemma3",
            "gemma3_text",
            GEMMA2.traits(),
            HEAD_NORMS,
            Map.of("attn_logit_softcapping", "", "rope.freq_base_swa", "rope_local_base_freq"),
            Map.of(
                    "hidden_activation", "gelu_pytorch_tanh",
                    "rope_theta", 1_000_000,
                    "rope_local_base_freq", 10_000,
                    "sliding_window_pattern", 6));

    private static final GgufFamily PHI3 = LLAMA.derive(
            "phi3",
            "phi3",
            new Traits(false, false, true),
            Map.of(
                    "blk.*.attn_qkv", LAYER + "self_attn.qkv_proj",
                    "blk.*.attn_q", "",
                    "blk.*.attn_k", "",
                    "blk.*.attn_v", "",
                    "blk.*.ffn_gate", "",
                    "blk.*.ffn_up", LAYER + "mlp.gate_up_proj"),
            Map.of("rope.scaling.original_context_length", "original_max_position_embeddings"),
            LLAMA.constants());

    private static final GgufFamily GRANITE = LLAMA.derive(
            "granite",
            "granite",
            NEIGHBOURS,
            Map.of(),
            Map.of(
                    "attention.scale", "attention_multiplier",
                    "embedding_scale", "embedding_multiplier",
                    "residual_scale", "residual_multiplier",
                    "logit_scale", "logits_scaling"),
            LLAMA.constants());

    private static final GgufFamily OLMO2 = LLAMA.derive(
            "olmo2",
            "olmo2",
            LIKE_HUGGING_FACE,
            Map.of(
                    "blk.*.attn_norm", "",
                    "blk.*.ffn_norm", "",
                    "blk.*.attn_q_norm", LAYER + "self_attn.q_norm",
                    "blk.*.attn_k_norm", LAYER + "self_attn.k_norm",
                    "blk.*.post_attention_norm", LAYER + "post_attention_layernorm",
                    "blk.*.post_ffw_norm", LAYER + "post_feedforward_layernorm"),
            Map.of(),
            LLAMA.constants());

    private static final GgufFamily SMOLLM3 = LLAMA.derive(
            "smollm3",
            "smollm3",
            NEIGHBOURS,
            Map.of(),
            Map.of(),
            Map.of("hidden_act", "silu", "no_rope_layer_interval", 4));

    /** Hugging Face stores the matrices of GPT-2 transposed, {@code [in, out]}; these are {@code [out, in]} as everywhere else. */
    private static final GgufFamily GPT2 = new GgufFamily(
            "gpt2",
            "gpt2",
            LIKE_HUGGING_FACE,
            Map.of(
                    "token_embd", "transformer.wte",
                    "position_embd", "transformer.wpe",
                    "output_norm", "transformer.ln_f",
                    "output", "lm_head",
                    "blk.*.attn_norm", "transformer.h.*.ln_1",
                    "blk.*.attn_qkv", "transformer.h.*.attn.c_attn",
                    "blk.*.attn_output", "transformer.h.*.attn.c_proj",
                    "blk.*.ffn_norm", "transformer.h.*.ln_2",
                    "blk.*.ffn_up", "transformer.h.*.mlp.c_fc",
                    "blk.*.ffn_down", "transformer.h.*.mlp.c_proj"),
            Map.of(
                    "context_length", "n_positions",
                    "embedding_length", "n_embd",
                    "block_count", "n_layer",
                    "feed_forward_length", "n_inner",
                    "attention.head_count", "n_head",
                    "attention.layer_norm_epsilon", "layer_norm_epsilon"),
            Map.of("activation_function", "gelu_new"));

    private static final List<GgufFamily> ALL =
            List.of(LLAMA, QWEN2, QWEN3, GEMMA2, GEMMA3, PHI3, GRANITE, OLMO2, SMOLLM3, GPT2);

    private GgufFamilies() {}

    /** All of them. */
    public static List<GgufFamily> all() {
        return ALL;
    }

    /**
     * The family of an architecture.
     *
     * @throws GgufFormatException if it is not known
     */
    public static GgufFamily named(String architecture) {
        return ALL.stream()
                .filter(family -> family.architecture().equals(architecture))
                .findFirst()
                .orElseThrow(() -> new GgufFormatException("has the general.architecture \"" + architecture
                        + "\", expected one of "
                        + ALL.stream().map(GgufFamily::architecture).toList()));
    }

    /** The family that holds models whose {@code config.json} has this {@code model_type}; empty if none does. */
    public static Optional<GgufFamily> holding(String modelType) {
        String type =
                switch (modelType) {
                    case "mistral" -> "llama";
                    case "gemma3" -> "gemma3_text";
                    default -> modelType;
                };
        return ALL.stream().filter(family -> family.modelType().equals(type)).findFirst();
    }
}
