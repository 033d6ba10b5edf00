package io.karipap.generate;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How a model is loaded. Immutable.
 *
 * @since 0.1
 */
public final class LoadOptions {
    /** All physical cores, weights as they are in the file, default limits. */
    public static final LoadOptions DEFAULT = builder().build();

    private final OptionalInt threads;
    private final Optional<WeightPrecision> weights;
    private final EngineOptions engine;
    private final LoadProgress progress;
    private final Optional<Path> packedFolder;

    private LoadOptions(Builder builder) {
        threads = builder.threads;
        weights = builder.weights;
        engine = builder.engine;
        progress = builder.progress;
        packedFolder = builder.packedFolder;
        if (threads.isPresent() && threads.getAsInt() < 1) {
            throw new IllegalArgumentException("threads is " + threads.getAsInt() + ", expected 1 or more");
        }
    }

    /** All defaults, until other values are set. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder that begins with these values. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.threads = threads;
        builder.weights = weights;
        builder.engine = engine;
        builder.progress = progress;
        builder.packedFolder = packedFolder;
        return builder;
    }

    /** Threads that work on a step, the caller's included; absent for the physical cores that the JVM may use. */
    public OptionalInt threads() {
        return threads;
    }

    /** To what the weights are rounded; absent if they stay as they are in the file. */
    public Optional<WeightPrecision> weights() {
        return weights;
    }

    /** Limits of the engine. */
    public EngineOptions engine() {
        return engine;
    }

    /** Who hears how far the loading is. */
    public LoadProgress progress() {
        return progress;
    }

    /** Where packed weights are kept; absent if they are packed at every start. */
    public Optional<Path> packedFolder() {
        return packedFolder;
    }

    /**
     * Collects values; each setter says what its option means.
     *
     * @since 0.1
     */
    public static final class Builder {
        private OptionalInt threads = OptionalInt.empty();
        private Optional<WeightPrecision> weights = Optional.empty();
        private EngineOptions engine = EngineOptions.DEFAULT;
        private LoadProgress progress = LoadProgress.NONE;
        private Optional<Path> packedFolder = Optional.empty();

        private Builder() {}

        /** Threads that work on a step, the caller's included. Default: the physical cores that the JVM may use. */
        public Builder threads(int count) {
            threads = OptionalInt.of(count);
            return this;
        }

        /** To what the weights are rounded. Default: they stay as they are in the file. */
        public Builder weights(WeightPrecision precision) {
            weights = Optional.of(precision);
            return this;
        }

        /** Limits of the engine. */
        public Builder engine(EngineOptions limits) {
            engine = limits;
            return this;
        }

        /** Who hears how far the loading is. Default: nobody. */
        public Builder progress(LoadProgress listener) {
            progress = listener;
            return this;
        }

        /**
         * Where the weights of models from 32 MiB on are kept as they are packed: the next start maps that file, so that it takes a
         * fraction of the time, and processes share its memory. The folder is made where it is missing; files in it may be deleted at any
         * time, and one that is damaged or does not belong to the model is made anew. Default: nothing is kept.
         */
        public Builder packedFolder(Path folder) {
            packedFolder = Optional.of(folder);
            return this;
        }

        /** @throws IllegalArgumentException if the number of threads is less than 1 */
        public LoadOptions build() {
            return new LoadOptions(this);
        }
    }
}
