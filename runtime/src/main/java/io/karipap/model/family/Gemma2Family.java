package io.karipap.model.family;

import io.karipap.model.config.BlockNorm;
import io.karipap.model.config.LayerConfig;
import io.karipap.model.config.Rope;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** Gemma 2 (arXiv 2408.00118): every second block looks back over a window. */
final class Gemma2Family extends GemmaFamily {
    @Override
    Set<String> modelTypes() {
        return Set.of("gemma2");
    }

    @Override
    Map<BlockNorm, String> normNames() {
        return Map.of(
                BlockNorm.BEFORE_ATTENTION, "input_layernorm",
                BlockNorm.AFTER_ATTENTION, "post_attention_layernorm",
                BlockNorm.BEFORE_MLP, "pre_feedforward_layernorm",
                BlockNorm.AFTER_MLP, "post_feedforward_layernorm");
    }

    @Override
    List<LayerConfig> layers(Fields fields, int layers, RopeFields ropeFields) {
        Rope rope = ropeFields.read(10_000);
        int window = Windows.size(fields, 4096);
        boolean[] sliding = Windows.sliding(fields, layers, i -> i % 2 == 0);
        return IntStream.range(0, layers)
                .mapToObj(i -> layer(sliding[i] ? window : LayerConfig.EVERYTHING, rope))
                .toList();
    }

    @Override
    double attentionCap() {
        return 50;
    }

    @Override
    double logitCap() {
        return 30;
    }
}
