package io.karipap.generate;

import java.util.Map;

/**
 * How the next token is drawn from the logits. Applied in this order: penalties, logit bias, temperature, top-k, top-p, min-p.
 *
 * @param temperature divides the logits; 0 takes the most probable token (greedy)
 * @param topK only the k most probable tokens; 0 for all
 * @param topP only the fewest tokens whose probabilities reach this sum; 1 for all
 * @param minP only tokens at least this fraction as probable as the most probable one; 0 for all
 * @param seed of the random numbers: same seed, same text
 * @param penalties on tokens that have occurred
 * @param logitBias added to the logits, by token id
 */
public record SamplingOptions(
        double temperature,
        int topK,
        double topP,
        double minP,
        long seed,
        Penalties penalties,
        Map<Integer, Double> logitBias) {
    /** @throws IllegalArgumentException if a value is out of range; the message names it */
    public SamplingOptions {
        check(temperature >= 0 && temperature <= 100, "temperature", temperature, "0..100");
        check(topK >= 0, "top_k", topK, "0 or more");
        check(topP >= 0 && topP <= 1, "top_p", topP, "0..1");
        check(minP >= 0 && minP <= 1, "min_p", minP, "0..1");
        logitBias = Map.copyOf(logitBias);
        logitBias.forEach((token, bias) -> check(Math.abs(bias) <= 100, "logit_bias", bias, "-100..100"));
    }

    /** Without penalties and bias. */
    public SamplingOptions(double temperature, int topK, double topP, double minP, long seed) {
        this(temperature, topK, topP, minP, seed, Penalties.NONE, Map.of());
    }

    static void check(boolean valid, String name, double value, String expected) {
        if (!valid) {
            throw new IllegalArgumentException(name + " is " + value + ", expected " + expected);
        }
    }

    /** Always the most probable token. */
    public static SamplingOptions greedy() {
        return new SamplingOptions(0, 0, 1, 0, 0);
    }

    /** These options with another seed. */
    public SamplingOptions withSeed(long other) {
        return new SamplingOptions(temperature, topK, topP, minP, other, penalties, logitBias);
    }
}
