package io.karipap.format.packed;

import java.io.IOException;

/** A file of packed weights is not what it should be; the message goes on behind the name of the file. */
final class PackedFormatException extends IOException {
    private static final long serialVersionUID = 1L;

    PackedFormatException(String message) {
        super(message);
    }
}
