package io.karipap.generate;

/**
 * How a model is loaded.
 *
 * @param threads threads that work on a step, the caller's included; 0 for all processors that the JVM may use
 * @param engine limits of the engine; null for the defaults
 */
public record LoadOptions(int threads, EngineOptions engine) {
    /** All processors, default limits. */
    public static final LoadOptions DEFAULT = new LoadOptions(0, null);

    int actualThreads() {
        return threads > 0 ? threads : Runtime.getRuntime().availableProcessors();
    }
}
