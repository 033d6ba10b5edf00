package io.karipap.generate;

import java.time.Duration;

/** How many tokens of prompts fit into the time of a step, by what steps have taken so far. */
final class PromptPace {
    /** Fewer tokens would not use the matrix kernels. */
    private static final int MIN_TOKENS = 16;

    private static final double WEIGHT_OF_THE_LAST = 0.2;

    private final double stepNanos;
    private double nanosPerToken;

    PromptPace(Duration stepTime) {
        this.stepNanos = stepTime.toNanos();
    }

    /** Learns from a step of many tokens. */
    void measured(int tokens, long nanos) {
        if (tokens >= MIN_TOKENS) {
            double now = (double) nanos / tokens;
            nanosPerToken = nanosPerToken == 0 ? now : nanosPerToken + WEIGHT_OF_THE_LAST * (now - nanosPerToken);
        }
    }

    /** Tokens that a step may have, {@code limit} at most. */
    int tokens(int limit) {
        return nanosPerToken == 0
                ? limit
                : (int) Math.clamp(stepNanos / nanosPerToken, Math.min(MIN_TOKENS, limit), limit);
    }
}
