package io.karipap.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.karipap.format.ModelSource;
import io.karipap.generate.LanguageModel;
import io.karipap.kernels.KernelChoice;
import io.karipap.kernels.WeightType;
import io.karipap.kernels.vector.VectorKernels;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A token allocates nothing, once all is compiled: neither plans and tasks, nor vectors in boxes. */
class AllocationTest {
    private static final int TOKENS = 100;
    private static final long ENOUGH_NANOS = 60_000_000_000L;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @ParameterizedTest
    @EnumSource(names = {"F32", "BF16", "F16", "Q8", "Q4"})
    void aTokenAllocatesNothing(WeightType type) throws IOException {
        ModelSource source = new ModelSource.ClassPath(LanguageModel.class, "/io/karipap/models/tales-small");
        try (Transformer model =
                ModelLoader.load(source, KernelChoice.of(new VectorKernels()), 2, type, Progress.NONE)) {
            assertNothing(model, TOKENS);
        }
    }

    private void assertNothing(Transformer model, int tokens) {
        KvPool pool = new KvPool(model.config(), KvOptions.of(tokens));
        long end = System.nanoTime() + ENOUGH_NANOS;
        long least = Long.MAX_VALUE;
        while (least > 0 && System.nanoTime() < end) {
            least = Math.min(least, allocated(model, pool, tokens));
        }
        assertThat(least).as("bytes for %d tokens", tokens).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"gemma2", "gemma3", "gpt2", "olmo2"})
    void aTokenOfAnotherFamilyAllocatesNothing(String family) throws IOException {
        ModelSource source = new ModelSource.Directory(
                Path.of("src/test/resources/io/karipap/model/families").resolve(family));
        try (Transformer model =
                ModelLoader.load(source, KernelChoice.of(new VectorKernels()), 2, null, Progress.NONE)) {
            assertNothing(model, model.config().maxPositions());
        }
    }

    /** Bytes that this thread, which computes its share, allocates for some tokens; the cache has its blocks before. */
    private long allocated(Transformer model, KvPool pool, int tokens) {
        Batch batch = new Batch();
        try (KvCache cache = new KvCache(pool)) {
            cache.reserve(tokens);
            batch.add(1, 0, cache, true);
            model.forward(batch);
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int position = 1; position < tokens; position++) {
                batch.clear();
                batch.add(position, position, cache, true);
                model.forward(batch);
            }
            return threads.getCurrentThreadAllocatedBytes() - before;
        }
    }
}
