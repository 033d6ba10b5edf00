package io.karipap.model.family;

import io.karipap.model.config.LayerConfig;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/** Mistral 7B and its kin (Jiang et al., arXiv 2310.06825): the first ones look back over a window. */
final class MistralFamily extends DecoderFamily {
    @Override
    Set<String> modelTypes() {
        return Set.of("mistral");
    }

    @Override
    List<LayerConfig> layers(Fields fields, int layers, RopeFields rope) {
        return Collections.nCopies(layers, layer(Windows.size(fields, 4096), rope.read(10_000)));
    }
}
