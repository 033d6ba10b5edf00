package io.karipap.environment;

import io.karipap.evaluate.Perplexity;
import io.karipap.format.Tensor;
import io.karipap.format.TensorStore;
import io.karipap.kernels.KernelChoice;
import io.karipap.kernels.WeightType;
import io.karipap.model.ModelLoader;
import io.karipap.model.ModelParts;
import io.karipap.model.Progress;
import io.karipap.model.Transformer;
import io.karipap.model.config.ModelConfig;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Judges changes of a model in memory, before anything is written: some operators have other weights, and a text of its own is
 * predicted.
 *
 * @param dense the tensors of the model as it is
 * @param ids tokens that are predicted
 */
@SuppressWarnings("ArrayRecordComponent")
public record CandidateModel(TensorStore dense, ModelConfig config, KernelChoice kernels, int threads, int[] ids) {
    /**
     * Nats per token with some operators replaced.
     *
     * @param replaced dense matrices [m, n], row-major, by the operators' names
     */
    public double natsPerToken(Map<String, float[]> replaced) {
        List<Tensor> tensors = new ArrayList<>();
        replaced.forEach((name, data) -> tensors.add(
                new Tensor(name, WeightType.F32, dense.tensors().get(name).shape(), MemorySegment.ofArray(data))));
        TensorStore store = dense.with(tensors);
        try (Transformer model = ModelLoader.load(
                new ModelParts("candidate", config, store, Map.of()), kernels, threads, null, Progress.NONE)) {
            return Perplexity.measure(model, ids, CalibratedModel.WINDOW, ids.length, done -> {})
                    .natsPerToken();
        }
    }
}
