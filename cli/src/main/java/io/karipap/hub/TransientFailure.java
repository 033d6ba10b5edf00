package io.karipap.hub;

import java.io.IOException;
import java.time.Duration;

/** A failure that may be over at the next try. */
final class TransientFailure extends IOException {
    private static final long serialVersionUID = 1;

    private final Duration pause;

    /** @param pause what the server asks to wait; zero if it does not say */
    TransientFailure(String message, Duration pause) {
        super(message);
        this.pause = pause;
    }

    Duration pause() {
        return pause;
    }
}
