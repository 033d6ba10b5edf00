package io.karipap.grammar;

/**
 * A grammar cannot be honoured; the message names the place and what is supported.
 *
 * @since 0.1
 */
public final class GrammarException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private GrammarException(String message) {
        super(message);
    }

    /** Of a schema, at a JSON pointer. */
    GrammarException(String place, String message) {
        super("the schema at " + (place.isEmpty() ? "its root" : place) + " " + message);
    }

    /** Of something else than a schema, as {@code "the grammar, line 3,"}. */
    static GrammarException of(String what, String message) {
        return new GrammarException(what + " " + message);
    }
}
