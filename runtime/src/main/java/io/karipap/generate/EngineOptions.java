package io.karipap.generate;

import java.time.Duration;

/**
 * Limits of an engine. Immutable.
 *
 * @since 0.1
 */
public final class EngineOptions {
    /** Most texts computed at a time, by default. */
    public static final int DEFAULT_MAX_RUNNING = 64;

    /** Most texts that wait, by default. */
    public static final int DEFAULT_MAX_WAITING = 256;

    /** Most tokens in one step, by default. */
    public static final int DEFAULT_STEP_TOKENS = 256;

    /** How long a step may take for new prompts, by default, in milliseconds. */
    public static final int DEFAULT_STEP_MILLIS = 50;

    /** Most positions in the KV cache, by default. */
    public static final int DEFAULT_KV_POSITIONS = 16_384;

    /** Positions of a block of the KV cache, by default: larger ones hide the latency of FMAs better, smaller ones share more of a prompt. */
    public static final int DEFAULT_KV_BLOCK_SIZE = 32;

    /** All defaults. */
    public static final EngineOptions DEFAULT = builder().build();

    private final int maxRunning;
    private final int maxWaiting;
    private final int stepTokens;
    private final Duration stepTime;
    private final int kvPositions;
    private final int kvBlockSize;
    private final KvPrecision kvPrecision;

    private EngineOptions(Builder builder) {
        maxRunning = builder.maxRunning;
        maxWaiting = builder.maxWaiting;
        stepTokens = builder.stepTokens;
        stepTime = builder.stepTime;
        kvPositions = builder.kvPositions;
        kvBlockSize = builder.kvBlockSize;
        kvPrecision = builder.kvPrecision;
        if (maxRunning < 1 || maxWaiting < 1 || stepTokens < maxRunning || !stepTime.isPositive()) {
            throw new IllegalArgumentException("engine limits " + maxRunning + " running, " + maxWaiting + " waiting, "
                    + stepTokens + " tokens a step, " + stepTime.toMillis()
                    + " ms a step: all must be positive, and a step must hold a token of every running sequence");
        }
        kvPrecision.cache(kvPositions, kvBlockSize); // checks them
    }

    /** All defaults, until other values are set. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder that begins with these values. */
    public Builder toBuilder() {
        return new Builder()
                .maxRunning(maxRunning)
                .maxWaiting(maxWaiting)
                .stepTokens(stepTokens)
                .stepTime(stepTime)
                .kvPositions(kvPositions)
                .kvBlockSize(kvBlockSize)
                .kvPrecision(kvPrecision);
    }

    /** Most texts computed at a time. */
    public int maxRunning() {
        return maxRunning;
    }

    /** Most texts that wait; one more is refused. */
    public int maxWaiting() {
        return maxWaiting;
    }

    /** Most tokens in one step. */
    public int stepTokens() {
        return stepTokens;
    }

    /** How long a step may take for the prompts in it while texts are being generated, so that those stay smooth. */
    public Duration stepTime() {
        return stepTime;
    }

    /** Most positions in the KV cache, over all texts. */
    public int kvPositions() {
        return kvPositions;
    }

    /** Positions of a block of the KV cache: the grain in which memory is given and beginnings of prompts are shared. */
    public int kvBlockSize() {
        return kvBlockSize;
    }

    /** How keys and values are stored. */
    public KvPrecision kvPrecision() {
        return kvPrecision;
    }

    @Override
    public String toString() {
        return maxRunning + " running, " + maxWaiting + " waiting, " + stepTokens + " tokens or " + stepTime.toMillis()
                + " ms a step, " + kvPositions + " KV positions in " + kvPrecision + " blocks of " + kvBlockSize;
    }

    /**
     * Collects values; each setter says what its option means.
     *
     * @since 0.1
     */
    public static final class Builder {
        private int maxRunning = DEFAULT_MAX_RUNNING;
        private int maxWaiting = DEFAULT_MAX_WAITING;
        private int stepTokens = DEFAULT_STEP_TOKENS;
        private Duration stepTime = Duration.ofMillis(DEFAULT_STEP_MILLIS);
        private int kvPositions = DEFAULT_KV_POSITIONS;
        private int kvBlockSize = DEFAULT_KV_BLOCK_SIZE;
        private KvPrecision kvPrecision = KvPrecision.F32;

        private Builder() {}

        /** Most texts computed at a time. */
        public Builder maxRunning(int count) {
            maxRunning = count;
            return this;
        }

        /** Most texts that wait; one more is refused. */
        public Builder maxWaiting(int count) {
            maxWaiting = count;
            return this;
        }

        /** Most tokens in one step, at least as many as texts run. */
        public Builder stepTokens(int count) {
            stepTokens = count;
            return this;
        }

        /** How long a step may take for the prompts in it while texts are being generated. */
        public Builder stepTime(Duration time) {
            stepTime = time;
            return this;
        }

        /** Most positions in the KV cache, over all texts; memory is taken as it is needed. */
        public Builder kvPositions(int count) {
            kvPositions = count;
            return this;
        }

        /** Positions of a block of the KV cache, a multiple of 16. */
        public Builder kvBlockSize(int count) {
            kvBlockSize = count;
            return this;
        }

        /** How keys and values are stored. */
        public Builder kvPrecision(KvPrecision precision) {
            kvPrecision = precision;
            return this;
        }

        /** @throws IllegalArgumentException if a limit is out of range; the message says what is expected */
        public EngineOptions build() {
            return new EngineOptions(this);
        }
    }
}
