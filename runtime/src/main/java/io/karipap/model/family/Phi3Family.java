package io.karipap.model.family;

import io.karipap.format.Tensor;
import io.karipap.model.config.LayerConfig;
import io.karipap.model.config.Linear;
import io.karipap.model.config.ModelConfig;
import io.karipap.model.config.NormConfig;
import io.karipap.model.config.TensorNames;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Phi-3 and Phi-4 (arXiv 2404.14219, 2412.08905): q, k and v are stored as one matrix, gate and up likewise. */
final class Phi3Family extends DecoderFamily {
    @Override
    Set<String> modelTypes() {
        return Set.of("phi3");
    }

    @Override
    List<LayerConfig> layers(Fields fields, int layers, RopeFields rope) {
        return Collections.nCopies(layers, layer(Windows.size(fields, LayerConfig.EVERYTHING), rope.read(10_000)));
    }

    @Override
    NormConfig norms(Fields fields) {
        return rmsNorms(fields, 1e-5, 0, false);
    }

    @Override
    Set<String> harmless() {
        return Set.of("auto_map", "embd_pdrop", "resid_pdrop");
    }

    @Override
    public List<StoredTensor> stored(ModelConfig config) {
        TensorNames names = config.names();
        List<StoredTensor> stored = new ArrayList<>();
        for (int layer = 0; layer < config.layers(); layer++) {
            String block = "model.layers." + layer + ".";
            stored.add(new StoredTensor(
                    block + "self_attn.qkv_proj.weight",
                    List.of(
                            names.weight(Linear.Q, layer),
                            names.weight(Linear.K, layer),
                            names.weight(Linear.V, layer)),
                    List.of(Linear.Q.out(config), Linear.K.out(config), Linear.V.out(config)),
                    false));
            stored.add(new StoredTensor(
                    block + "mlp.gate_up_proj.weight",
                    List.of(names.weight(Linear.GATE, layer), names.weight(Linear.UP, layer)),
                    List.of(config.intermediateSize(), config.intermediateSize()),
                    false));
        }
        return stored;
    }

    @Override
    public Map<String, Tensor> arrange(Map<String, Tensor> file, ModelConfig config) {
        FusedTensors tensors = new FusedTensors(super.arrange(file, config));
        stored(config).forEach(tensors::split);
        return tensors.all();
    }
}
