package io.karipap.generate;

import java.util.Optional;

/** Draws the tokens of one sequence. Not thread-safe. */
final class TokenDraw {
    private final Sampler sampler;
    private final LogitAdjuster adjuster;
    private final LogprobOptions options;
    private int token;
    private Optional<TokenLogprobs> logprobs = Optional.empty();

    TokenDraw(Sampler sampler, LogitAdjuster adjuster, LogprobOptions options) {
        this.sampler = sampler;
        this.adjuster = adjuster;
        this.options = options;
    }

    /**
     * Draws the token that comes after {@code tokens[0, length)}.
     *
     * @param logits [V] at {@code at}
     * @param count V
     */
    void draw(float[] logits, int at, int count, int[] tokens, int length) {
        token = adjuster.adjusts(length)
                ? sampler.sample(adjuster.adjust(logits, at, count, tokens, length), 0, count)
                : sampler.sample(logits, at, count);
        logprobs = options.tokens()
                ? Optional.of(TokenLogprobs.of(logits, at, count, token, options.alternatives()))
                : Optional.empty();
    }

    /** Looks for the tokens that may come next, for a bounded time. */
    void prepare() {
        adjuster.prepare();
    }

    /** Whether it is known which tokens may come next. */
    boolean prepared() {
        return adjuster.prepared();
    }

    /** The token drawn last. */
    int token() {
        return token;
    }

    /** Log-probabilities where it stands; absent where none were asked for. */
    Optional<TokenLogprobs> logprobs() {
        return logprobs;
    }
}
