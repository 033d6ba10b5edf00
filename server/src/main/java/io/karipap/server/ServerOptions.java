package io.karipap.server;

/**
 * How a server listens. Immutable.
 *
 * @since 0.1
 */
public final class ServerOptions {
    private final String host;
    private final int port;
    private final Limits limits;
    private final Timeouts timeouts;
    private final Access access;

    private ServerOptions(Builder builder) {
        host = builder.host;
        port = builder.port;
        limits = builder.limits;
        timeouts = builder.timeouts;
        access = builder.access;
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("the port is " + port + ", expected 0..65535");
        }
    }

    /** Default limits and timeouts, open to everyone who reaches it. */
    public static ServerOptions of(String host, int port) {
        return builder().host(host).port(port).build();
    }

    /** Port 8080 of this machine for itself, default limits and timeouts, until other values are set. */
    public static Builder builder() {
        return new Builder();
    }

    /** Address to bind. */
    public String host() {
        return host;
    }

    /** Port to bind; 0 for any free one. */
    public int port() {
        return port;
    }

    /** What clients may ask for. */
    public Limits limits() {
        return limits;
    }

    /** What they may keep waiting. */
    public Timeouts timeouts() {
        return timeouts;
    }

    /** Who may ask. */
    public Access access() {
        return access;
    }

    /**
     * Collects values; each setter says what its option means.
     *
     * @since 0.1
     */
    public static final class Builder {
        private String host = "127.0.0.1";
        private int port = 8080;
        private Limits limits = Limits.DEFAULT;
        private Timeouts timeouts = Timeouts.DEFAULT;
        private Access access = Access.OPEN;

        private Builder() {}

        /** Address to bind. */
        public Builder host(String address) {
            host = address;
            return this;
        }

        /** Port to bind; 0 for any free one. */
        public Builder port(int number) {
            port = number;
            return this;
        }

        /** What clients may ask for. */
        public Builder limits(Limits values) {
            limits = values;
            return this;
        }

        /** What they may keep waiting. */
        public Builder timeouts(Timeouts values) {
            timeouts = values;
            return this;
        }

        /** Who may ask. */
        public Builder access(Access values) {
            access = values;
            return this;
        }

        /** @throws IllegalArgumentException if the port is out of range */
        public ServerOptions build() {
            return new ServerOptions(this);
        }
    }
}
