package io.karipap.generate;

/**
 * A model cannot be loaded: a file is malformed or asks for something unsupported. The message names the file and what was expected.
 *
 * @since 0.1
 */
public final class ModelLoadException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ModelLoadException(Throwable cause) {
        super(cause.getMessage(), cause);
    }
}
