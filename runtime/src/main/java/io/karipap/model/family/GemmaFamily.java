package io.karipap.model.family;

import io.karipap.model.config.AttentionConfig;
import io.karipap.model.config.Linear;
import io.karipap.model.config.MlpConfig;
import io.karipap.model.config.Multipliers;
import io.karipap.model.config.NormConfig;
import java.util.Set;

/**
 * What Gemma 2 and 3 share: norms before and after each half block whose weights are stored less one, a gate with GELU, embeddings scaled by
 * √D, a scale of attention and soft caps of their own, a tied head.
 */
abstract class GemmaFamily extends DecoderFamily {
    @Override
    final AttentionConfig attention(Fields fields) {
        AttentionConfig heads = heads(fields, 8, 4, 256);
        double scale = 1 / Math.sqrt(fields.positive("query_pre_attn_scalar", 256));
        return new AttentionConfig(
                heads.heads(),
                heads.kvHeads(),
                heads.headDim(),
                (float) scale,
                softCap(fields, "attn_logit_softcapping", attentionCap()));
    }

    /** The cap of a config that says nothing; 0 for none. */
    abstract double attentionCap();

    /** The cap of a config that says nothing; 0 for none. */
    abstract double logitCap();

    private static float softCap(Fields fields, String field, double absent) {
        return (float) (fields.has(field) ? fields.positive(field) : fields.mentions(field) ? 0 : absent);
    }

    @Override
    final NormConfig norms(Fields fields) {
        return rmsNorms(fields, 1e-6, 1, false);
    }

    @Override
    final MlpConfig mlp(Fields fields) {
        fields.requireOneOf("hidden_activation", "\"gelu_pytorch_tanh\"");
        return new MlpConfig(MlpConfig.Activation.GELU_TANH, true);
    }

    @Override
    final Set<Linear> biases(Fields fields) {
        fields.requireOneOf("use_bidirectional_attention", "false");
        return LlamaFamily.optionalBiases(fields);
    }

    @Override
    final Multipliers multipliers(Fields fields) {
        double embedding = Math.sqrt(fields.size("hidden_size", MAX_HIDDEN));
        return new Multipliers((float) embedding, 1, 1, softCap(fields, "final_logit_softcapping", logitCap()));
    }

    @Override
    final boolean tiedEmbedding() {
        return true;
    }

    @Override
    Set<String> harmless() {
        // hidden_act is what old files call hidden_activation, and nobody reads it
        return Set.of("cache_implementation", "hidden_act");
    }
}
