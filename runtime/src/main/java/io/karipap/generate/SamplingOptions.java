package io.karipap.generate;

import java.util.Map;

/**
 * How the next token is drawn from the logits. Applied in this order: penalties, logit bias, temperature, top-k, top-p, min-p. Immutable.
 *
 * @since 0.1
 */
public final class SamplingOptions {
    private final double temperature;
    private final int topK;
    private final double topP;
    private final double minP;
    private final long seed;
    private final double repetitionPenalty;
    private final double presencePenalty;
    private final double frequencyPenalty;
    private final Map<Integer, Double> logitBias;

    private SamplingOptions(Builder builder) {
        temperature = builder.temperature;
        topK = builder.topK;
        topP = builder.topP;
        minP = builder.minP;
        seed = builder.seed;
        repetitionPenalty = builder.repetitionPenalty;
        presencePenalty = builder.presencePenalty;
        frequencyPenalty = builder.frequencyPenalty;
        logitBias = Map.copyOf(builder.logitBias);
        check(temperature >= 0 && temperature <= 100, "temperature", temperature, "0..100");
        check(topK >= 0, "topK", topK, "0 or more");
        check(topP >= 0 && topP <= 1, "topP", topP, "0..1");
        check(minP >= 0 && minP <= 1, "minP", minP, "0..1");
        check(
                repetitionPenalty > 0 && repetitionPenalty <= 10,
                "repetitionPenalty",
                repetitionPenalty,
                "above 0, up to 10");
        check(Math.abs(presencePenalty) <= 2, "presencePenalty", presencePenalty, "-2..2");
        check(Math.abs(frequencyPenalty) <= 2, "frequencyPenalty", frequencyPenalty, "-2..2");
        logitBias.forEach((token, bias) -> check(Math.abs(bias) <= 100, "logitBias", bias, "-100..100"));
    }

    private static void check(boolean valid, String name, double value, String expected) {
        if (!valid) {
            throw new IllegalArgumentException(name + " is " + value + ", expected " + expected);
        }
    }

    /** Always the most probable token. */
    public static SamplingOptions greedy() {
        return builder().temperature(0).build();
    }

    /** The model's own probabilities, seed 0, until other values are set. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder that begins with these values. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.temperature = temperature;
        builder.topK = topK;
        builder.topP = topP;
        builder.minP = minP;
        builder.seed = seed;
        builder.repetitionPenalty = repetitionPenalty;
        builder.presencePenalty = presencePenalty;
        builder.frequencyPenalty = frequencyPenalty;
        builder.logitBias = logitBias;
        return builder;
    }

    /** What divides the logits; 0 takes the most probable token (greedy). */
    public double temperature() {
        return temperature;
    }

    /** Only so many of the most probable tokens; 0 for all. */
    public int topK() {
        return topK;
    }

    /** Only the fewest tokens whose probabilities reach this sum; 1 for all. */
    public double topP() {
        return topP;
    }

    /** Only tokens at least this fraction as probable as the most probable one; 0 for all. */
    public double minP() {
        return minP;
    }

    /** Seed of the random numbers: same seed, same text. */
    public long seed() {
        return seed;
    }

    /**
     * What divides positive and multiplies negative logits of tokens in the prompt or the text (Keskar et al., arXiv 1909.05858); 1 for
     * none.
     */
    public double repetitionPenalty() {
        return repetitionPenalty;
    }

    /** What is taken from the logits of tokens in the text so far. */
    public double presencePenalty() {
        return presencePenalty;
    }

    /** What is taken from the logits of tokens for every time that they occur in the text so far. */
    public double frequencyPenalty() {
        return frequencyPenalty;
    }

    /** What is added to the logits, by token id. */
    public Map<Integer, Double> logitBias() {
        return logitBias;
    }

    /** Whether tokens that have occurred are made less or more probable. */
    boolean penalises() {
        return repetitionPenalty != 1 || presencePenalty != 0 || frequencyPenalty != 0;
    }

    @Override
    public String toString() {
        return "temperature " + temperature + ", topK " + topK + ", topP " + topP + ", minP " + minP + ", seed " + seed
                + ", penalties " + repetitionPenalty + " " + presencePenalty + " " + frequencyPenalty + ", logitBias "
                + logitBias;
    }

    /**
     * Collects values; each setter says what its option means.
     *
     * @since 0.1
     */
    public static final class Builder {
        private double temperature = 1;
        private int topK;
        private double topP = 1;
        private double minP;
        private long seed;
        private double repetitionPenalty = 1;
        private double presencePenalty;
        private double frequencyPenalty;
        private Map<Integer, Double> logitBias = Map.of();

        private Builder() {}

        /** What divides the logits, 0..100; 0 takes the most probable token. */
        public Builder temperature(double value) {
            temperature = value;
            return this;
        }

        /** Only the {@code count} most probable tokens; 0 for all. */
        public Builder topK(int count) {
            topK = count;
            return this;
        }

        /** Only the fewest tokens whose probabilities reach this sum, 0..1. */
        public Builder topP(double sum) {
            topP = sum;
            return this;
        }

        /** Only tokens at least this fraction as probable as the most probable one, 0..1. */
        public Builder minP(double fraction) {
            minP = fraction;
            return this;
        }

        /** Seed of the random numbers. */
        public Builder seed(long value) {
            seed = value;
            return this;
        }

        /** Makes tokens of prompt and text rarer, above 1, or more frequent, below 1; up to 10. */
        public Builder repetitionPenalty(double factor) {
            repetitionPenalty = factor;
            return this;
        }

        /** Taken from the logits of tokens in the text, -2..2. */
        public Builder presencePenalty(double value) {
            presencePenalty = value;
            return this;
        }

        /** Taken from the logits of tokens for every time that they occur in the text, -2..2. */
        public Builder frequencyPenalty(double value) {
            frequencyPenalty = value;
            return this;
        }

        /** Added to the logits, by token id, -100..100. */
        public Builder logitBias(Map<Integer, Double> biases) {
            logitBias = Map.copyOf(biases);
            return this;
        }

        /** @throws IllegalArgumentException if a value is out of range; the message names it */
        public SamplingOptions build() {
            return new SamplingOptions(this);
        }
    }
}
