package io.karipap.generate;

/** A prompt does not fit into the context. */
public final class ContextLengthException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    ContextLengthException(int promptTokens, int contextLength) {
        super("the prompt has " + promptTokens + " tokens, but the context of the model is " + contextLength
                + " tokens, of which at least one must be left for the answer");
    }
}
