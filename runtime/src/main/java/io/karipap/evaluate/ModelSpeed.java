package io.karipap.evaluate;

import io.karipap.kernels.Rows;
import io.karipap.model.Batch;
import io.karipap.model.KvCache;
import io.karipap.model.KvOptions;
import io.karipap.model.KvPool;
import io.karipap.model.Transformer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;

/**
 * How fast a model computes one sequence.
 *
 * @param promptRate prompt tokens/s
 * @param generationRate generated tokens/s, sampling left out
 */
public record ModelSpeed(double promptRate, double generationRate) {
    /** Prompt tokens in one step. */
    private static final int CHUNK = 128;

    /** By then the JIT compiler has made all it will: some kernels take seconds to compile on a small machine. */
    private static final long WARM_UP_NANOS = 4_000_000_000L;

    /**
     * Runs a prompt of random tokens and generates greedily after it.
     *
     * @param runs runs that count, after four seconds of runs that do not; the rates are medians
     * @throws IllegalArgumentException if prompt and generated tokens exceed the context
     */
    public static ModelSpeed measure(Transformer model, int promptTokens, int tokens, int runs) {
        int positions = promptTokens + tokens;
        if (positions > model.config().maxPositions()) {
            throw new IllegalArgumentException("prompt and generated tokens are " + positions
                    + ", more than the context of " + model.config().maxPositions());
        }
        List<ModelSpeed> speeds = new ArrayList<>();
        KvPool pool = new KvPool(model.config(), KvOptions.of(positions));
        long warm = System.nanoTime() + WARM_UP_NANOS;
        for (int run = -1; run < runs; run += System.nanoTime() < warm && run < 0 ? 0 : 1) {
            try (KvCache cache = new KvCache(pool)) {
                long start = System.nanoTime();
                int next = prefill(model, promptTokens, cache);
                long middle = System.nanoTime();
                Batch batch = new Batch();
                for (int i = 0; i < tokens; i++) {
                    batch.clear();
                    batch.add(next, promptTokens + i, cache, true);
                    next = argmax(model.forward(batch), model.config().vocabularySize());
                }
                long end = System.nanoTime();
                if (run >= 0) {
                    speeds.add(new ModelSpeed(promptTokens * 1e9 / (middle - start), tokens * 1e9 / (end - middle)));
                }
            }
        }
        return median(speeds);
    }

    private static int prefill(Transformer model, int tokens, KvCache cache) {
        SplittableRandom random = new SplittableRandom(1);
        Batch batch = new Batch();
        Rows logits = null;
        for (int from = 0; from < tokens; from += CHUNK) {
            batch.clear();
            for (int i = from; i < Math.min(tokens, from + CHUNK); i++) {
                batch.add(random.nextInt(model.config().vocabularySize()), i, cache, i == tokens - 1);
            }
            logits = model.forward(batch);
        }
        return argmax(logits, model.config().vocabularySize());
    }

    private static int argmax(Rows logits, int count) {
        int best = 0;
        for (int i = 1; i < count; i++) {
            if (logits.data()[logits.offset() + i] > logits.data()[logits.offset() + best]) {
                best = i;
            }
        }
        return best;
    }

    /** The median of each rate. */
    public static ModelSpeed median(List<ModelSpeed> speeds) {
        return new ModelSpeed(median(speeds, ModelSpeed::promptRate), median(speeds, ModelSpeed::generationRate));
    }

    private static double median(List<ModelSpeed> speeds, ToDoubleFunction<ModelSpeed> rate) {
        double[] sorted = speeds.stream().mapToDouble(rate).sorted().toArray();
        return sorted[sorted.length / 2];
    }
}
