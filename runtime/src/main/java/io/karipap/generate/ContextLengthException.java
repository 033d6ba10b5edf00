package io.karipap.generate;

/**
 * A prompt does not fit into the context.
 *
 * @since 0.1
 */
public final class ContextLengthException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    ContextLengthException(int promptTokens, int contextLength) {
        super("the prompt has " + promptTokens + " tokens, but the context of the model is " + contextLength
                + " tokens, of which one must be left for every answer of at least a token");
    }
}
