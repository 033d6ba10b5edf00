package io.karipap.model.family;

import io.karipap.model.config.Linear;
import io.karipap.model.config.ModelConfigBuilder;
import java.util.Set;

/** Mistral 7B and its kin (Jiang et al., arXiv 2310.06825): Llama, of which the first ones look back over a window. */
final class MistralFamily extends LlamaFamily {
    @Override
    Set<String> modelTypes() {
        return Set.of("mistral");
    }

    @Override
    void describe(Fields fields, ModelConfigBuilder model) {
        super.describe(fields, model);
        int window = fields.size("sliding_window", 1 << 24, Integer.MAX_VALUE);
        if (window < fields.size("max_position_embeddings", 1 << 24)) {
            throw fields.fail("sliding_window " + window + " is not supported");
        }
    }

    @Override
    Set<Linear> biases(Fields fields) {
        return Set.of();
    }
}
