package io.karipap.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.karipap.format.ModelSource;
import io.karipap.kernels.KernelChoice;
import io.karipap.kernels.Kernels;
import io.karipap.kernels.Rows;
import io.karipap.kernels.scalar.ScalarKernels;
import io.karipap.kernels.vector.VectorKernels;
import io.karipap.testing.TestData;
import java.io.IOException;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** A token's logits have the same bits however the work is cut: alone, in chunks, beside other sequences, on one thread or two. */
class BatchInvarianceTest {
    private static final int LENGTH = 90;

    private static int[] tokens(long seed) {
        return new SplittableRandom(seed).ints(LENGTH, 0, 4096).toArray();
    }

    /** Logits after every {@code chunk}-th token, computed chunk by chunk, with {@code others} sequences beside it. */
    private static float[] lastLogits(Kernels kernels, int threads, int chunk, int others) throws IOException {
        try (Transformer model =
                ModelLoader.load(new ModelSource.Directory(TestData.TALES), KernelChoice.of(kernels), threads)) {
            int[][] sequences = new int[others + 1][];
            KvCache[] caches = new KvCache[others + 1];
            KvPool pool = new KvPool(model.config(), KvOptions.of(6400));
            for (int s = 0; s <= others; s++) {
                sequences[s] = tokens(s);
                caches[s] = new KvCache(pool);
            }
            Batch batch = new Batch();
            int row = -1;
            Rows logits = null;
            for (int from = 0; from < LENGTH; from += chunk) {
                batch.clear();
                for (int s = others; s >= 0; s--) {
                    for (int i = from; i < Math.min(LENGTH, from + chunk); i++) {
                        row = batch.add(sequences[s][i], i, caches[s], i == LENGTH - 1);
                    }
                }
                logits = model.forward(batch);
            }
            return Arrays.copyOfRange(
                    logits.data(),
                    logits.at(row),
                    logits.at(row) + model.config().vocabularySize());
        }
    }

    @Test
    void everyCutGivesTheSameBits() throws IOException {
        float[] alone = lastLogits(new VectorKernels(), 1, 1, 0);
        assertThat(lastLogits(new VectorKernels(), 2, 1, 0)).as("two threads").containsExactly(alone);
        assertThat(lastLogits(new VectorKernels(), 2, 90, 0)).as("whole prompt").containsExactly(alone);
        assertThat(lastLogits(new VectorKernels(), 2, 7, 0)).as("chunks of 7").containsExactly(alone);
        assertThat(lastLogits(new VectorKernels(), 2, 3, 2))
                .as("beside two others")
                .containsExactly(alone);
        assertThat(lastLogits(new ScalarKernels(), 2, 90, 0)).as("scalar").containsExactly(alone);
    }
}
