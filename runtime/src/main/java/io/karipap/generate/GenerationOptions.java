package io.karipap.generate;

import io.karipap.grammar.Grammar;
import java.time.Duration;
import java.util.Optional;

/**
 * What to generate.
 *
 * @param maxTokens most tokens to draw; 0 only computes the prompt
 * @param sampling how to draw them
 * @param stop what ends the text
 * @param logprobs which log-probabilities are told
 * @param grammar what the text must look like, if anything
 * @param timeLimit how long it may take from the time it is submitted
 */
public record GenerationOptions(
        int maxTokens,
        SamplingOptions sampling,
        StopOptions stop,
        LogprobOptions logprobs,
        Optional<Grammar> grammar,
        Optional<Duration> timeLimit) {
    /** @throws IllegalArgumentException if maxTokens is negative */
    public GenerationOptions {
        if (maxTokens < 0) {
            throw new IllegalArgumentException("max_tokens is " + maxTokens + ", expected 0 or more");
        }
    }

    /** Up to {@code maxTokens} tokens; nothing else is asked for. */
    public GenerationOptions(int maxTokens, SamplingOptions sampling, StopOptions stop) {
        this(maxTokens, sampling, stop, LogprobOptions.NONE, Optional.empty(), Optional.empty());
    }

    /** Up to {@code maxTokens} tokens, always the most probable one. */
    public static GenerationOptions greedy(int maxTokens) {
        return new GenerationOptions(maxTokens, SamplingOptions.greedy(), StopOptions.DEFAULT);
    }

    /** Up to {@code maxTokens} tokens drawn at {@code temperature}. */
    public static GenerationOptions sampled(int maxTokens, double temperature, long seed) {
        return new GenerationOptions(maxTokens, new SamplingOptions(temperature, 0, 1, 0, seed), StopOptions.DEFAULT);
    }

    /** These options with other ends of the text. */
    public GenerationOptions withStop(StopOptions other) {
        return new GenerationOptions(maxTokens, sampling, other, logprobs, grammar, timeLimit);
    }

    /** These options with another seed. */
    public GenerationOptions withSeed(long seed) {
        return new GenerationOptions(maxTokens, sampling.withSeed(seed), stop, logprobs, grammar, timeLimit);
    }

    /** These options with log-probabilities. */
    public GenerationOptions withLogprobs(LogprobOptions other) {
        return new GenerationOptions(maxTokens, sampling, stop, other, grammar, timeLimit);
    }

    /** These options for a text of a given form. */
    public GenerationOptions withGrammar(Grammar form) {
        return new GenerationOptions(maxTokens, sampling, stop, logprobs, Optional.of(form), timeLimit);
    }

    /** These options with a time limit. */
    public GenerationOptions withTimeLimit(Duration limit) {
        return new GenerationOptions(maxTokens, sampling, stop, logprobs, grammar, Optional.of(limit));
    }
}
