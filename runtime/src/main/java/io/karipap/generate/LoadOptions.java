package io.karipap.generate;

import io.karipap.kernels.ProcessorCores;
import io.karipap.kernels.WeightType;
import io.karipap.model.Progress;

/**
 * How a model is loaded.
 *
 * @param threads threads that work on a step, the caller's included; 0 for the physical cores that the JVM may use
 * @param weights type of the weights in memory; null for those that they have in the file
 * @param engine limits of the engine; null for the defaults
 * @param progress hears how far the loading is
 */
public record LoadOptions(int threads, WeightType weights, EngineOptions engine, Progress progress) {
    /** All physical cores, weights as they are, default limits. */
    public static final LoadOptions DEFAULT = new LoadOptions(0, null, null, Progress.NONE);

    /** These options with other limits of the engine. */
    public LoadOptions withEngine(EngineOptions limits) {
        return new LoadOptions(threads, weights, limits, progress);
    }

    /** These options with another number of threads. */
    public LoadOptions withThreads(int number) {
        return new LoadOptions(number, weights, engine, progress);
    }

    /** These options with another type of weights. */
    public LoadOptions withWeights(WeightType type) {
        return new LoadOptions(threads, type, engine, progress);
    }

    int actualThreads() {
        return ProcessorCores.orAll(threads);
    }
}
