package io.karipap.generate;

/**
 * The engine's queue is full; try again later.
 *
 * @since 0.1
 */
public final class EngineFullException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    EngineFullException(int waiting, int limit) {
        super(waiting + " requests are waiting already and at most " + limit + " may, try again later");
    }
}
