package io.karipap.model;

import io.karipap.format.ModelSource;
import io.karipap.format.TensorStore;
import io.karipap.kernels.KernelChoice;
import io.karipap.kernels.Kernels;
import io.karipap.kernels.Rows;
import io.karipap.model.config.ModelConfig;
import java.io.IOException;
import java.util.Map;

/** Logits of a small model, however it is stored. */
final class GoldenLogits {
    private GoldenLogits() {}

    /** Logits after every token, [T, V], computed {@code chunk} tokens at a time. */
    static float[] of(ModelSource source, ModelConfig config, int[] ids, Kernels kernels, int chunk, KvType type)
            throws IOException {
        int vocabulary = config.vocabularySize();
        float[] all = new float[ids.length * vocabulary];
        KvPool pool = new KvPool(config, new KvOptions(64, 16, type));
        try (TensorStore store = ModelLoader.open(source, config);
                Transformer model = ModelLoader.load(
                        new ModelParts(source.modelName(), config, store, Map.of()),
                        KernelChoice.of(kernels),
                        2,
                        null,
                        Progress.NONE);
                KvCache cache = new KvCache(pool)) {
            Batch batch = new Batch();
            for (int from = 0; from < ids.length; from += chunk) {
                batch.clear();
                for (int i = from; i < Math.min(ids.length, from + chunk); i++) {
                    batch.add(ids[i], i, cache, true);
                }
                Rows logits = model.forward(batch);
                for (int row = 0; row < batch.rows(); row++) {
                    System.arraycopy(logits.data(), logits.at(row), all, (from + row) * vocabulary, vocabulary);
                }
            }
        }
        return all;
    }
}
