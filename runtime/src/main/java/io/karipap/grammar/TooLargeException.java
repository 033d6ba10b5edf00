package io.karipap.grammar;

/** A form needs more states than are allowed; the message says how many. */
final class TooLargeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooLargeException(String message) {
        super(message);
    }
}
