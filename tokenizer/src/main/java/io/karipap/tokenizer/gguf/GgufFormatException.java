package io.karipap.tokenizer.gguf;

/**
 * A GGUF file is malformed; the message says what it does wrong, so that the name of the file can stand before it. It is one line of
 * bounded length, whatever names the file holds.
 */
public final class GgufFormatException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int MAX_LENGTH = 400;

    public GgufFormatException(String message) {
        super(oneLine(message));
    }

    private static String oneLine(String message) {
        String line = message.replaceAll("[\\p{Cntrl}\\u2028\\u2029]", "?");
        return line.length() <= MAX_LENGTH ? line : line.substring(0, MAX_LENGTH) + "…";
    }
}
