package io.karipap.tokenizer.jinja;

/** A template refused what it was given, by {@code raise_exception}; the message is its own. */
public final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Refusal(String message) {
        super(message);
    }
}
