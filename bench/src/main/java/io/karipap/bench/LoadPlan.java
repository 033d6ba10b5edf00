package io.karipap.bench;

import java.time.Duration;
import java.util.OptionalDouble;

/**
 * The load that is put on a server.
 *
 * @param promptTokens about how many tokens a prompt has
 * @param maxTokens how many tokens a text has
 * @param warmUp how long clients ask before anything is counted
 * @param duration how long is counted
 * @param targets what a request must keep to count as good
 */
public record LoadPlan(int promptTokens, int maxTokens, Duration warmUp, Duration duration, Targets targets) {
    /** @throws IllegalArgumentException if a value is not positive */
    public LoadPlan {
        if (promptTokens < 1 || maxTokens < 1 || warmUp.isNegative() || !duration.isPositive()) {
            throw new IllegalArgumentException("a load needs prompt tokens, tokens and a duration above 0");
        }
    }

    /**
     * Limits in milliseconds; empty for none.
     *
     * @param firstToken time to the first token
     * @param perToken mean time of every other token
     * @param total whole time
     */
    public record Targets(OptionalDouble firstToken, OptionalDouble perToken, OptionalDouble total) {
        boolean metBy(RequestTimes times) {
            return times.succeeded()
                    && times.firstTokenMillis() <= firstToken.orElse(Double.MAX_VALUE)
                    && times.perTokenMillis() <= perToken.orElse(Double.MAX_VALUE)
                    && times.totalMillis() <= total.orElse(Double.MAX_VALUE);
        }
    }
}
