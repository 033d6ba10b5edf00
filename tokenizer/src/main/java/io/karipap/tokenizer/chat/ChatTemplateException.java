package io.karipap.tokenizer.chat;

/**
 * A chat template is missing, cannot be rendered by the library, or refuses the messages; the message says which.
 *
 * @since 0.1
 */
public final class ChatTemplateException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ChatTemplateException(String message) {
        super(message);
    }

    public ChatTemplateException(String message, Throwable cause) {
        super(message, cause);
    }
}
