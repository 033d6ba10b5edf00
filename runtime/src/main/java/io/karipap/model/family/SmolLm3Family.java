package io.karipap.model.family;

import io.karipap.model.config.LayerConfig;
import io.karipap.model.config.Linear;
import io.karipap.model.config.Rope;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** SmolLM3: Llama of which every fourth block does not turn queries and keys (NoPE, Kazemnejad et al., arXiv 2305.19466). */
final class SmolLm3Family extends DecoderFamily {
    @Override
    Set<String> modelTypes() {
        return Set.of("smollm3");
    }

    @Override
    List<LayerConfig> layers(Fields fields, int layers, RopeFields ropeFields) {
        Rope rope = ropeFields.read(2_000_000);
        int interval = fields.size("no_rope_layer_interval", 1 << 10, 4);
        List<String> listed = fields.has("no_rope_layers") ? fields.list("no_rope_layers", layers) : List.of();
        for (String turns : listed) {
            if (!turns.equals("0") && !turns.equals("1")) {
                throw fields.fail("no_rope_layers has " + turns + ", expected 0 or 1");
            }
        }
        boolean use = fields.flag("use_sliding_window", false);
        int window = Windows.size(fields, LayerConfig.EVERYTHING);
        boolean[] sliding = Windows.sliding(fields, layers, i -> !turns(listed, interval, i));
        return IntStream.range(0, layers)
                .mapToObj(i -> new LayerConfig(
                        use && sliding[i] ? window : LayerConfig.EVERYTHING,
                        turns(listed, interval, i) ? Optional.of(rope) : Optional.empty()))
                .toList();
    }

    /** Whether block {@code i} turns queries and keys; the list says 1 where it does. */
    private static boolean turns(List<String> listed, int interval, int i) {
        return listed.isEmpty() ? (i + 1) % interval != 0 : listed.get(i).equals("1");
    }

    @Override
    Set<Linear> biases(Fields fields) {
        return LlamaFamily.optionalBiases(fields);
    }

    @Override
    boolean tiedEmbedding() {
        return true;
    }

    @Override
    Set<String> harmless() {
        return Set.of("max_window_layers", "pretraining_tp");
    }
}
