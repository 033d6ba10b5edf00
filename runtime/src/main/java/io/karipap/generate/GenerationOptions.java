package io.karipap.generate;

import java.util.List;

/**
 * What to generate.
 *
 * @param maxTokens most tokens to draw
 * @param sampling how to draw them
 * @param stop strings that end the text; they are not part of it
 * @param ignoreEnd whether the model's end tokens do not end the text
 */
public record GenerationOptions(int maxTokens, SamplingOptions sampling, List<String> stop, boolean ignoreEnd) {
    /** @throws IllegalArgumentException if maxTokens is less than 1 or a stop string is empty */
    public GenerationOptions {
        stop = List.copyOf(stop);
        if (maxTokens < 1) {
            throw new IllegalArgumentException("max_tokens is " + maxTokens + ", expected at least 1");
        }
        if (stop.contains("")) {
            throw new IllegalArgumentException("stop has an empty string");
        }
    }

    /** Up to {@code maxTokens} tokens, always the most probable one. */
    public static GenerationOptions greedy(int maxTokens) {
        return new GenerationOptions(maxTokens, SamplingOptions.greedy(), List.of(), false);
    }

    /** Up to {@code maxTokens} tokens drawn at {@code temperature}. */
    public static GenerationOptions sampled(int maxTokens, double temperature, long seed) {
        return new GenerationOptions(maxTokens, new SamplingOptions(temperature, 0, 1, 0, seed), List.of(), false);
    }
}
