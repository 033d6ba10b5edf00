package io.karipap.model.family;

import io.karipap.model.config.LayerConfig;
import io.karipap.model.config.Linear;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Llama 1 to 3.2 and what is computed like it, SmolLM2 among others. */
final class LlamaFamily extends DecoderFamily {
    @Override
    Set<String> modelTypes() {
        return Set.of("llama");
    }

    @Override
    List<LayerConfig> layers(Fields fields, int layers, RopeFields rope) {
        fields.requireOneOf("rope_interleaved", "false");
        return super.layers(fields, layers, rope);
    }

    @Override
    Set<Linear> biases(Fields fields) {
        return optionalBiases(fields);
    }

    /** Of all of attention, and of all of the MLP, if the config says so. */
    static Set<Linear> optionalBiases(Fields fields) {
        Set<Linear> biases = EnumSet.noneOf(Linear.class);
        if (fields.flag("attention_bias", false)) {
            biases.addAll(EnumSet.of(Linear.Q, Linear.K, Linear.V, Linear.O));
        }
        if (fields.flag("mlp_bias", false)) {
            biases.addAll(EnumSet.of(Linear.GATE, Linear.UP, Linear.DOWN));
        }
        return biases;
    }

    @Override
    Set<String> harmless() {
        return Set.of("is_llama_config", "pretraining_tp");
    }
}
