package io.karipap.server;

import java.time.Duration;

/**
 * How long clients may keep the server waiting, and it them. Immutable.
 *
 * @since 0.1
 */
public final class Timeouts {
    /** All defaults. */
    public static final Timeouts DEFAULT = builder().build();

    private final Duration idle;
    private final Duration receive;
    private final Duration send;
    private final Duration generate;
    private final Duration drain;

    private Timeouts(Builder builder) {
        idle = builder.idle;
        receive = builder.receive;
        send = builder.send;
        generate = builder.generate;
        drain = builder.drain;
        if (!idle.isPositive()
                || !receive.isPositive()
                || !send.isPositive()
                || !generate.isPositive()
                || drain.isNegative()) {
            throw new IllegalArgumentException("timeouts must be positive, drain may be 0");
        }
    }

    /** All defaults, until other values are set. */
    public static Builder builder() {
        return new Builder();
    }

    /** A connection without a request is closed after this time. */
    public Duration idle() {
        return idle;
    }

    /** A request must have arrived completely in this time. */
    public Duration receive() {
        return receive;
    }

    /** A client must read something in this time. */
    public Duration send() {
        return send;
    }

    /** A text must be complete in this time; it ends there. */
    public Duration generate() {
        return generate;
    }

    /** How long running requests may go on when the server is stopped. */
    public Duration drain() {
        return drain;
    }

    /**
     * Collects values; each setter says what its option means.
     *
     * @since 0.1
     */
    public static final class Builder {
        private Duration idle = Duration.ofMinutes(1);
        private Duration receive = Duration.ofSeconds(30);
        private Duration send = Duration.ofSeconds(30);
        private Duration generate = Duration.ofMinutes(10);
        private Duration drain = Duration.ofSeconds(30);

        private Builder() {}

        /** A connection without a request is closed after this time. Default: one minute. */
        public Builder idle(Duration time) {
            idle = time;
            return this;
        }

        /** A request must have arrived completely in this time. Default: 30 seconds. */
        public Builder receive(Duration time) {
            receive = time;
            return this;
        }

        /** A client must read something in this time. Default: 30 seconds. */
        public Builder send(Duration time) {
            send = time;
            return this;
        }

        /** A text must be complete in this time; it ends there. Default: 10 minutes. */
        public Builder generate(Duration time) {
            generate = time;
            return this;
        }

        /** How long running requests may go on when the server is stopped; may be 0. Default: 30 seconds. */
        public Builder drain(Duration time) {
            drain = time;
            return this;
        }

        /** @throws IllegalArgumentException if one but drain is not positive */
        public Timeouts build() {
            return new Timeouts(this);
        }
    }
}
