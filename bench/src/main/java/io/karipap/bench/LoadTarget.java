package io.karipap.bench;

/** What a load is put on. Safe for any number of threads. */
public interface LoadTarget extends AutoCloseable {
    /** What it is, for tables. */
    String name();

    /**
     * Has a text of exactly {@code maxTokens} tokens generated and waits for its end; failures are told in the result.
     *
     * @param client number of the client that asks
     */
    RequestTimes generate(int client, String prompt, int maxTokens, long seed);

    @Override
    void close();
}
