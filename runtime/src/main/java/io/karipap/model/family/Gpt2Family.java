package io.karipap.model.family;

import io.karipap.format.Tensor;
import io.karipap.model.config.AttentionConfig;
import io.karipap.model.config.BlockNorm;
import io.karipap.model.config.LayerConfig;
import io.karipap.model.config.Linear;
import io.karipap.model.config.MlpConfig;
import io.karipap.model.config.ModelConfig;
import io.karipap.model.config.ModelConfigBuilder;
import io.karipap.model.config.NormConfig;
import io.karipap.model.config.TensorNames;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * GPT-2 (Radford et al., 2019): LayerNorm, learned positions, biases everywhere, an MLP without a gate. q, k and v are
 * stored as one matrix; Hugging Face's files hold all matrices as [in, out], others as [out, in].
 */
final class Gpt2Family extends Family {
    private static final String PREFIX = "transformer.";
    private static final Set<Linear> LINEARS = EnumSet.complementOf(EnumSet.of(Linear.GATE));

    @Override
    Set<String> modelTypes() {
        return Set.of("gpt2");
    }

    @Override
    TensorNames names() {
        return new TensorNames(
                PREFIX + "wte.weight",
                Optional.of(PREFIX + "wpe.weight"),
                PREFIX + "ln_f",
                "lm_head.weight",
                PREFIX + "h.#.",
                Map.of(
                        Linear.Q, "attn.q_proj",
                        Linear.K, "attn.k_proj",
                        Linear.V, "attn.v_proj",
                        Linear.O, "attn.o_proj",
                        Linear.UP, "mlp.up_proj",
                        Linear.DOWN, "mlp.down_proj"),
                Map.of(BlockNorm.BEFORE_ATTENTION, "ln_1", BlockNorm.BEFORE_MLP, "ln_2"));
    }

    @Override
    void describe(Fields fields, ModelConfigBuilder model) {
        fields.requireOneOf("activation_function", "\"gelu_new\"", "\"gelu_pytorch_tanh\"");
        fields.requireOneOf("add_cross_attention", "false");
        fields.requireOneOf("scale_attn_weights", "true");
        fields.requireOneOf("scale_attn_by_inverse_layer_idx", "false");
        int hidden = fields.size("n_embd", 1 << 17);
        int heads = fields.size("n_head", 1 << 12);
        if (hidden % heads != 0) {
            throw fields.fail("n_embd " + hidden + " is not a multiple of n_head " + heads);
        }
        float epsilon = (float) fields.positive("layer_norm_epsilon", 1e-5);
        model.sizes(
                        hidden,
                        fields.size("n_inner", 1 << 20, 4 * hidden),
                        fields.size("vocab_size", 1 << 20),
                        fields.size("n_positions", 1 << 24))
                .attention(AttentionConfig.of(heads, heads, hidden / heads))
                .layers(Collections.nCopies(
                        fields.size("n_layer", 1 << 10), new LayerConfig(LayerConfig.EVERYTHING, Optional.empty())))
                .norms(new NormConfig(
                        NormConfig.Kind.LAYER,
                        epsilon,
                        0,
                        EnumSet.of(BlockNorm.BEFORE_ATTENTION, BlockNorm.BEFORE_MLP),
                        false))
                .mlp(new MlpConfig(MlpConfig.Activation.GELU_TANH, false))
                .biases(LINEARS)
                .tiedEmbedding(fields.flag("tie_word_embeddings", true));
    }

    @Override
    Set<String> harmless() {
        return Set.of(
                "attention_bias",
                "attn_pdrop",
                "embd_pdrop",
                "n_ctx",
                "reorder_and_upcast_attn",
                "resid_pdrop",
                "summary_activation",
                "summary_first_dropout",
                "summary_proj_to_labels",
                "summary_type",
                "summary_use_proj",
                "task_specific_params");
    }

    @Override
    public Map<String, Tensor> arrange(Map<String, Tensor> file, ModelConfig config) {
        Map<String, Tensor> prefixed = new LinkedHashMap<>();
        file.forEach((stored, tensor) -> {
            String name = stored.startsWith(PREFIX) || stored.equals("lm_head.weight") ? stored : PREFIX + stored;
            if (!name.matches("transformer\\.h\\.\\d+\\.attn\\.(masked_)?bias")) { // the causal mask
                prefixed.put(name, tensor.named(name));
            }
        });
        if (config.tiedEmbedding()) {
            prefixed.remove(config.names().head());
        }
        FusedTensors tensors = new FusedTensors(prefixed);
        for (int layer = 0; layer < config.layers(); layer++) {
            String fused = PREFIX + "h." + layer + ".attn.c_attn.weight";
            boolean turned = tensors.has(fused, List.of(config.hiddenSize(), 3 * config.hiddenSize()));
            for (StoredTensor stored : stored(layer, config)) {
                if (turned && stored.turned()) {
                    tensors.transpose(stored.name());
                }
                tensors.split(stored);
            }
        }
        return tensors.all();
    }

    @Override
    public List<StoredTensor> stored(ModelConfig config) {
        return IntStream.range(0, config.layers())
                .boxed()
                .flatMap(layer -> stored(layer, config).stream())
                .toList();
    }

    private static List<StoredTensor> stored(int layer, ModelConfig config) {
        Map<String, List<Linear>> files = new LinkedHashMap<>();
        files.put("attn.c_attn", List.of(Linear.Q, Linear.K, Linear.V));
        files.put("attn.c_proj", List.of(Linear.O));
        files.put("mlp.c_fc", List.of(Linear.UP));
        files.put("mlp.c_proj", List.of(Linear.DOWN));
        List<StoredTensor> stored = new ArrayList<>();
        files.forEach((name, linears) -> {
            String file = PREFIX + "h." + layer + "." + name;
            TensorNames names = config.names();
            List<Integer> rows =
                    linears.stream().map(linear -> linear.out(config)).toList();
            List<String> weights =
                    linears.stream().map(linear -> names.weight(linear, layer)).toList();
            List<String> biases =
                    linears.stream().map(linear -> names.bias(linear, layer)).toList();
            stored.add(new StoredTensor(file + ".weight", weights, rows, true));
            stored.add(new StoredTensor(file + ".bias", biases, rows, false));
        });
        return stored;
    }
}
