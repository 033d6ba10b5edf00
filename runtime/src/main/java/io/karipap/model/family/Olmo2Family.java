package io.karipap.model.family;

import io.karipap.model.config.BlockNorm;
import io.karipap.model.config.Linear;
import io.karipap.model.config.NormConfig;
import java.util.Map;
import java.util.Set;

/** OLMo 2 (arXiv 2501.00656): norms after each half block in the place of those before, and of queries and keys over all heads. */
final class Olmo2Family extends DecoderFamily {
    @Override
    Set<String> modelTypes() {
        return Set.of("olmo2");
    }

    @Override
    Map<BlockNorm, String> normNames() {
        return Map.of(
                BlockNorm.QUERY, "self_attn.q_norm",
                BlockNorm.KEY, "self_attn.k_norm",
                BlockNorm.AFTER_ATTENTION, "post_attention_layernorm",
                BlockNorm.AFTER_MLP, "post_feedforward_layernorm");
    }

    @Override
    NormConfig norms(Fields fields) {
        return rmsNorms(fields, 1e-5, 0, true);
    }

    @Override
    Set<Linear> biases(Fields fields) {
        return LlamaFamily.optionalBiases(fields);
    }
}
