package io.karipap.tokenizer;

/**
 * A tokenizer file cannot be read or asks for something that is not supported; the message names the file and the component.
 *
 * @since 0.1
 */
public final class TokenizerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public TokenizerException(String message) {
        super(message);
    }

    public TokenizerException(String message, Throwable cause) {
        super(message, cause);
    }
}
