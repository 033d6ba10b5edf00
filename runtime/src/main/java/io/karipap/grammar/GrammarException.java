package io.karipap.grammar;

/**
 * A schema cannot be honoured; the message names the place and what is supported.
 *
 * @since 0.1
 */
public final class GrammarException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    GrammarException(String place, String message) {
        super("the schema at " + (place.isEmpty() ? "its root" : place) + " " + message);
    }
}
