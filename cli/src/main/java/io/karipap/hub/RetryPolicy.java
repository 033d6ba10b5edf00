package io.karipap.hub;

import java.time.Duration;

/**
 * When a broken transfer is tried again.
 *
 * @param failures so many in a row, none of which brought a megabyte, end it
 * @param firstPause before the second try; doubled before each further one
 * @param patience an answer or a next byte that takes longer counts as broken
 */
public record RetryPolicy(int failures, Duration firstPause, Duration patience) {
    /** Five failures, pauses of 1 to 8 s, a patience of 30 s. */
    public static final RetryPolicy DEFAULT = new RetryPolicy(5, Duration.ofSeconds(1), Duration.ofSeconds(30));

    private static final Duration LONGEST = Duration.ofMinutes(2);

    Duration pause(int failure, Duration asked) {
        Duration own = firstPause.multipliedBy(1L << Math.clamp(failure - 1, 0, 10));
        Duration longer = own.compareTo(asked) < 0 ? asked : own;
        return longer.compareTo(LONGEST) > 0 ? LONGEST : longer;
    }
}
