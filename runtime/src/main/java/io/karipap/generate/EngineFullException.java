package io.karipap.generate;

/** The engine's queue is full; try again later. */
public final class EngineFullException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    EngineFullException(int waiting) {
        super(waiting + " requests are waiting already, try again later");
    }
}
