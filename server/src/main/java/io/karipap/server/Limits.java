package io.karipap.server;

/**
 * Limits on requests. How many texts may run and wait is a limit of the engine. Immutable.
 *
 * @since 0.1
 */
public final class Limits {
    /** Largest body by default, in bytes. */
    public static final int DEFAULT_BODY_BYTES = 4 << 20;

    /** Largest head by default, in bytes. */
    public static final int DEFAULT_HEADER_BYTES = 16 << 10;

    /** Most texts of one request by default. */
    public static final int DEFAULT_CHOICES = 128;

    /** Most connections by default. */
    public static final int DEFAULT_CONNECTIONS = 1024;

    /** All defaults. */
    public static final Limits DEFAULT = builder().build();

    private final int bodyBytes;
    private final int headerBytes;
    private final int choices;
    private final int connections;

    private Limits(Builder builder) {
        bodyBytes = builder.bodyBytes;
        headerBytes = builder.headerBytes;
        choices = builder.choices;
        connections = builder.connections;
        if (bodyBytes < 1 || headerBytes < 1 || choices < 1 || connections < 1) {
            throw new IllegalArgumentException("limits of " + bodyBytes + " bytes of body, " + headerBytes
                    + " of header, " + choices + " choices, " + connections + " connections: all must be positive");
        }
    }

    /** All defaults, until other values are set. */
    public static Builder builder() {
        return new Builder();
    }

    /** Largest body of a request, in bytes. */
    public int bodyBytes() {
        return bodyBytes;
    }

    /** Largest head of a request, in bytes. */
    public int headerBytes() {
        return headerBytes;
    }

    /** Most texts of one request: prompts times n or best_of. */
    public int choices() {
        return choices;
    }

    /** Most connections at a time. */
    public int connections() {
        return connections;
    }

    /**
     * Collects values; each setter says what its option means.
     *
     * @since 0.1
     */
    public static final class Builder {
        private int bodyBytes = DEFAULT_BODY_BYTES;
        private int headerBytes = DEFAULT_HEADER_BYTES;
        private int choices = DEFAULT_CHOICES;
        private int connections = DEFAULT_CONNECTIONS;

        private Builder() {}

        /** Largest body of a request. */
        public Builder bodyBytes(int bytes) {
            bodyBytes = bytes;
            return this;
        }

        /** Largest head of a request. */
        public Builder headerBytes(int bytes) {
            headerBytes = bytes;
            return this;
        }

        /** Most texts of one request: prompts times n or best_of. */
        public Builder choices(int count) {
            choices = count;
            return this;
        }

        /** Most connections at a time. */
        public Builder connections(int count) {
            connections = count;
            return this;
        }

        /** @throws IllegalArgumentException if a limit is less than 1 */
        public Limits build() {
            return new Limits(this);
        }
    }
}
