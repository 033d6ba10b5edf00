package io.karipap.model.family;

import io.karipap.model.config.AttentionConfig;
import io.karipap.model.config.Linear;
import io.karipap.model.config.Multipliers;
import java.util.Set;

/** Granite 3, dense (IBM): Llama with multipliers of embeddings, attention, residuals and logits. */
final class GraniteFamily extends DecoderFamily {
    @Override
    Set<String> modelTypes() {
        return Set.of("granite");
    }

    @Override
    AttentionConfig attention(Fields fields) {
        AttentionConfig heads = super.attention(fields);
        float scale = (float) fields.positive("attention_multiplier", 1);
        return new AttentionConfig(heads.heads(), heads.kvHeads(), heads.headDim(), scale, 0);
    }

    @Override
    Set<Linear> biases(Fields fields) {
        return LlamaFamily.optionalBiases(fields);
    }

    @Override
    Multipliers multipliers(Fields fields) {
        return new Multipliers(
                (float) fields.positive("embedding_multiplier", 1),
                (float) fields.positive("residual_multiplier", 1),
                (float) (1 / fields.positive("logits_scaling", 1)),
                0);
    }
}
