package io.karipap.grammar;

/** A schema cannot be honoured; the message names the place and what is supported. */
public final class GrammarException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    GrammarException(String place, String message) {
        super("the schema at " + (place.isEmpty() ? "its root" : place) + " " + message);
    }
}
