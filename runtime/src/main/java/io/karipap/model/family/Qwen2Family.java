package io.karipap.model.family;

import io.karipap.model.config.LayerConfig;
import io.karipap.model.config.Linear;
import io.karipap.model.config.Rope;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** Qwen 2 and 2.5 (arXiv 2407.10671): biases on queries, keys and values; the upper blocks may look back over a window. */
class Qwen2Family extends DecoderFamily {
    @Override
    Set<String> modelTypes() {
        return Set.of("qwen2");
    }

    @Override
    List<LayerConfig> layers(Fields fields, int layers, RopeFields ropeFields) {
        fields.requireOneOf("use_mrope", "false");
        Rope rope = ropeFields.read(10_000);
        int window = Windows.size(fields, 4096);
        int first = fields.has("max_window_layers") ? fields.count("max_window_layers", 1 << 16) : 28;
        boolean use = fields.flag("use_sliding_window", false);
        boolean[] sliding = Windows.sliding(fields, layers, i -> i >= first);
        return IntStream.range(0, layers)
                .mapToObj(i -> layer(use && sliding[i] ? window : LayerConfig.EVERYTHING, rope))
                .toList();
    }

    @Override
    Set<Linear> biases(Fields fields) {
        return fields.flag("attention_bias", true) ? Set.of(Linear.Q, Linear.K, Linear.V) : Set.of();
    }
}
