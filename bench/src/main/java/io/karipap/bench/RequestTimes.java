package io.karipap.bench;

import java.util.List;

/**
 * What one request of a load took, in nanoseconds of {@link System#nanoTime}.
 *
 * @param client which of the clients sent it
 * @param start when it was sent
 * @param arrivals when pieces of its text came
 * @param end when it was complete
 * @param promptTokens tokens of its prompt
 * @param cachedTokens of them those that the server did not compute
 * @param completionTokens tokens of its text
 * @param error why it failed, or null
 */
record RequestTimes(
        int client,
        long start,
        List<Long> arrivals,
        long end,
        int promptTokens,
        int cachedTokens,
        int completionTokens,
        String error) {
    RequestTimes {
        arrivals = List.copyOf(arrivals);
    }

    static RequestTimes failed(int client, long start, String error) {
        return new RequestTimes(client, start, List.of(), System.nanoTime(), 0, 0, 0, error);
    }

    boolean succeeded() {
        return error == null && !arrivals.isEmpty();
    }

    /** Time to the first token, in milliseconds. */
    double firstTokenMillis() {
        return (arrivals.getFirst() - start) / 1e6;
    }

    /** Mean time of a token after the first, in milliseconds. */
    double perTokenMillis() {
        return completionTokens < 2 ? 0 : (arrivals.getLast() - arrivals.getFirst()) / 1e6 / (completionTokens - 1);
    }

    /** Whole time, in milliseconds. */
    double totalMillis() {
        return (end - start) / 1e6;
    }
}
