package io.karipap.model.family;

import io.karipap.model.config.AttentionConfig;
import io.karipap.model.config.BlockNorm;
import io.karipap.model.config.Linear;
import java.util.Map;
import java.util.Set;

/** Qwen 3 (arXiv 2505.09388): as Qwen 2, with norms of queries and keys in the place of biases. */
final class Qwen3Family extends Qwen2Family {
    @Override
    Set<String> modelTypes() {
        return Set.of("qwen3");
    }

    @Override
    Map<BlockNorm, String> normNames() {
        return Map.of(
                BlockNorm.BEFORE_ATTENTION, "input_layernorm",
                BlockNorm.QUERY, "self_attn.q_norm",
                BlockNorm.KEY, "self_attn.k_norm",
                BlockNorm.BEFORE_MLP, "post_attention_layernorm");
    }

    @Override
    AttentionConfig attention(Fields fields) {
        int heads = fields.size("num_attention_heads", MAX_HEADS);
        return heads(fields, heads, heads, 128);
    }

    @Override
    Set<Linear> biases(Fields fields) {
        return LlamaFamily.optionalBiases(fields);
    }
}
