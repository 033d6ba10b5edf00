package io.karipap.hub;

import java.io.IOException;

/** A model cannot be had, for good; the message is one sentence that says what to do. */
public final class HubException extends IOException {
    private static final long serialVersionUID = 1;

    public HubException(String message) {
        super(message);
    }

    HubException(String message, Throwable cause) {
        super(message, cause);
    }
}
