package io.karipap.generate;

import io.karipap.grammar.Grammar;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * What to generate. Immutable.
 *
 * @since 0.1
 */
public final class GenerationOptions {
    /** Most tokens of a text unless another number is asked for. */
    public static final int DEFAULT_MAX_TOKENS = 128;

    private final int maxTokens;
    private final SamplingOptions sampling;
    private final StopOptions stop;
    private final LogprobOptions logprobs;
    private final Optional<Grammar> grammar;
    private final Optional<Duration> timeLimit;
    private final Set<Integer> shownTokens;

    private GenerationOptions(Builder builder) {
        maxTokens = builder.maxTokens;
        sampling = builder.sampling;
        stop = builder.stop;
        logprobs = builder.logprobs;
        grammar = builder.grammar;
        timeLimit = builder.timeLimit;
        shownTokens = builder.shownTokens;
        if (maxTokens < 0) {
            throw new IllegalArgumentException("maxTokens is " + maxTokens + ", expected 0 or more");
        }
    }

    /** Up to {@code maxTokens} tokens, always the most probable one. */
    public static GenerationOptions greedy(int maxTokens) {
        return builder().maxTokens(maxTokens).sampling(SamplingOptions.greedy()).build();
    }

    /** Up to {@code maxTokens} tokens drawn at {@code temperature}. */
    public static GenerationOptions sampled(int maxTokens, double temperature, long seed) {
        return builder()
                .maxTokens(maxTokens)
                .sampling(SamplingOptions.builder()
                        .temperature(temperature)
                        .seed(seed)
                        .build())
                .build();
    }

    /** {@link #DEFAULT_MAX_TOKENS} tokens by the model's own probabilities with seed 0, until other values are set. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder that begins with these values. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.maxTokens = maxTokens;
        builder.sampling = sampling;
        builder.stop = stop;
        builder.logprobs = logprobs;
        builder.grammar = grammar;
        builder.timeLimit = timeLimit;
        builder.shownTokens = shownTokens;
        return builder;
    }

    /** Most tokens to draw; 0 only computes the prompt. */
    public int maxTokens() {
        return maxTokens;
    }

    /** How to draw them. */
    public SamplingOptions sampling() {
        return sampling;
    }

    /** What ends the text. */
    public StopOptions stop() {
        return stop;
    }

    /** Which log-probabilities are told. */
    public LogprobOptions logprobs() {
        return logprobs;
    }

    /** What the text must look like, if anything. */
    public Optional<Grammar> grammar() {
        return grammar;
    }

    /** How long it may take from the time it is submitted, if there is a limit. */
    public Optional<Duration> timeLimit() {
        return timeLimit;
    }

    /** Special tokens that have their spelling in the text; all others have none. */
    public Set<Integer> shownTokens() {
        return shownTokens;
    }

    /**
     * Collects values; each setter says what its option means.
     *
     * @since 0.1
     */
    public static final class Builder {
        private int maxTokens = DEFAULT_MAX_TOKENS;
        private SamplingOptions sampling = SamplingOptions.builder().build();
        private StopOptions stop = StopOptions.DEFAULT;
        private LogprobOptions logprobs = LogprobOptions.NONE;
        private Optional<Grammar> grammar = Optional.empty();
        private Optional<Duration> timeLimit = Optional.empty();
        private Set<Integer> shownTokens = Set.of();

        private Builder() {}

        /** Most tokens to draw; 0 only computes the prompt. */
        public Builder maxTokens(int count) {
            maxTokens = count;
            return this;
        }

        /** How to draw them. */
        public Builder sampling(SamplingOptions options) {
            sampling = options;
            return this;
        }

        /** Changes only the seed of the random numbers. */
        public Builder seed(long seed) {
            sampling = sampling.toBuilder().seed(seed).build();
            return this;
        }

        /** What ends the text. */
        public Builder stop(StopOptions options) {
            stop = options;
            return this;
        }

        /** Which log-probabilities are told. */
        public Builder logprobs(LogprobOptions options) {
            logprobs = options;
            return this;
        }

        /** What the text must look like. */
        public Builder grammar(Grammar form) {
            grammar = Optional.of(form);
            return this;
        }

        /** How long it may take from the time it is submitted. */
        public Builder timeLimit(Duration limit) {
            timeLimit = Optional.of(limit);
            return this;
        }

        /** Special tokens that have their spelling in the text, unless they end it. */
        public Builder shownTokens(Set<Integer> ids) {
            shownTokens = Set.copyOf(ids);
            return this;
        }

        /** @throws IllegalArgumentException if the number of tokens is negative */
        public GenerationOptions build() {
            return new GenerationOptions(this);
        }
    }
}
