package io.karipap.model.family;

import io.karipap.format.Tensor;
import io.karipap.model.config.AttentionConfig;
import io.karipap.model.config.Linear;
import io.karipap.model.config.ModelConfig;
import io.karipap.model.config.ModelConfigBuilder;
import io.karipap.model.config.TensorNames;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Llama 1 to 3.2 (Touvron et al., arXiv 2302.13971) and what is computed like it, SmolLM2 among others. */
class LlamaFamily extends Family {
    private static final List<Linear> ATTENTION = List.of(Linear.Q, Linear.K, Linear.V, Linear.O);
    private static final List<Linear> MLP = List.of(Linear.GATE, Linear.UP, Linear.DOWN);

    @Override
    Set<String> modelTypes() {
        return Set.of("llama");
    }

    @Override
    TensorNames names() {
        return Decoder.names(Decoder.PRE_NORMS);
    }

    @Override
    void describe(Fields fields, ModelConfigBuilder model) {
        fields.requireOneOf("hidden_act", "\"silu\"");
        fields.requireOneOf("rope_interleaved", "false");
        Decoder.sizes(fields, model);
        AttentionConfig attention = Decoder.attention(fields);
        model.attention(attention)
                .layers(Collections.nCopies(
                        Decoder.layers(fields), Decoder.everything(RopeFields.read(fields, attention.headDim()))))
                .norms(Decoder.rmsNorms(fields, Decoder.PRE_NORMS.keySet()))
                .biases(biases(fields))
                .tiedEmbedding(Decoder.tied(fields, false));
    }

    /** The operators that have a bias. */
    Set<Linear> biases(Fields fields) {
        Set<Linear> biases = EnumSet.noneOf(Linear.class);
        if (fields.flag("attention_bias", false)) {
            biases.addAll(ATTENTION);
        }
        if (fields.flag("mlp_bias", false)) {
            biases.addAll(MLP);
        }
        return biases;
    }

    @Override
    Set<String> harmless() {
        return Set.of("is_llama_config", "pretraining_tp");
    }

    @Override
    public Map<String, Tensor> arrange(Map<String, Tensor> file, ModelConfig config) {
        return Decoder.needed(file, config);
    }

    @Override
    public Optional<GgufLayout> gguf() {
        return Optional.of(GgufLayout.of("llama", true, Decoder.GGUF_PRE_NORMS));
    }
}
