package io.karipap.tokenizer.gguf;

/** A GGUF file is malformed; the message says what it does wrong, so that the name of the file can stand before it. */
public final class GgufFormatException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public GgufFormatException(String message) {
        super(message);
    }
}
