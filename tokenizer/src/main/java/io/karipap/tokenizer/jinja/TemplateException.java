package io.karipap.tokenizer.jinja;

/** A template is malformed, uses what is not known, fails, or takes too much; the message says which and at which line. */
public final class TemplateException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TemplateException(String message) {
        super(message);
    }

    TemplateException(int line, String message) {
        super("line " + line + ": " + message);
    }
}
