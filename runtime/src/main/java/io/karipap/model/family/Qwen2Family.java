package io.karipap.model.family;

import io.karipap.model.config.Linear;
import io.karipap.model.config.ModelConfigBuilder;
import java.util.Optional;
import java.util.Set;

/** Qwen 2 and 2.5 (arXiv 2407.10671): Llama with biases on queries, keys and values. */
final class Qwen2Family extends LlamaFamily {
    @Override
    Set<String> modelTypes() {
        return Set.of("qwen2");
    }

    @Override
    void describe(Fields fields, ModelConfigBuilder model) {
        super.describe(fields, model);
        fields.requireOneOf("use_sliding_window", "false");
        fields.requireOneOf("use_mrope", "false");
    }

    @Override
    Set<Linear> biases(Fields fields) {
        return Set.of(Linear.Q, Linear.K, Linear.V);
    }

    @Override
    Set<String> harmless() {
        return Set.of("sliding_window", "max_window_layers"); // of the window that use_sliding_window leaves out
    }

    @Override
    public Optional<GgufLayout> gguf() {
        return Optional.of(GgufLayout.of("qwen2", false, Decoder.GGUF_PRE_NORMS));
    }
}
