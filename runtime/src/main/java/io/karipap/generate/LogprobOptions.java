package io.karipap.generate;

/**
 * Which log-probabilities are told.
 *
 * @param tokens whether those of the tokens drawn
 * @param prompt whether those of the prompt's tokens
 * @param alternatives how many of the most probable tokens beside each
 */
public record LogprobOptions(boolean tokens, boolean prompt, int alternatives) {
    public static final LogprobOptions NONE = new LogprobOptions(false, false, 0);

    /** @throws IllegalArgumentException if alternatives is negative */
    public LogprobOptions {
        if (alternatives < 0) {
            throw new IllegalArgumentException("logprobs is " + alternatives + ", expected 0 or more");
        }
    }
}
