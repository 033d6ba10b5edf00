package io.karipap.server;

import java.util.List;
import java.util.Optional;

/**
 * Who may ask, and how. Immutable.
 *
 * @since 0.1
 */
public final class Access {
    /** Everyone who reaches the server, by plain HTTP. */
    public static final Access OPEN = builder().build();

    private final List<String> apiKeys;
    private final List<String> corsOrigins;
    private final Optional<Tls> tls;
    private final boolean logPrompts;

    private Access(Builder builder) {
        apiKeys = builder.apiKeys;
        corsOrigins = builder.corsOrigins;
        tls = builder.tls;
        logPrompts = builder.logPrompts;
        if (apiKeys.stream().anyMatch(String::isBlank)) {
            throw new IllegalArgumentException("an API key is blank");
        }
    }

    /** Open to everyone, until something is set. */
    public static Builder builder() {
        return new Builder();
    }

    /** Clients must show one of these; empty if nobody has to. */
    public List<String> apiKeys() {
        return apiKeys;
    }

    /** Pages of these origins may ask from a browser; empty for none, "*" for all. */
    public List<String> corsOrigins() {
        return corsOrigins;
    }

    /** Certificate and key; absent for plain HTTP. */
    public Optional<Tls> tls() {
        return tls;
    }

    /** Whether prompts and texts go into the log. */
    public boolean logPrompts() {
        return logPrompts;
    }

    /**
     * Collects values; each setter says what its option means.
     *
     * @since 0.1
     */
    public static final class Builder {
        private List<String> apiKeys = List.of();
        private List<String> corsOrigins = List.of();
        private Optional<Tls> tls = Optional.empty();
        private boolean logPrompts;

        private Builder() {}

        /** Clients must show one of these, none of them blank. */
        public Builder apiKeys(List<String> keys) {
            apiKeys = List.copyOf(keys);
            return this;
        }

        /** Pages of these origins may ask from a browser; "*" for all. */
        public Builder corsOrigins(List<String> origins) {
            corsOrigins = List.copyOf(origins);
            return this;
        }

        /** Serves HTTPS. */
        public Builder tls(Tls files) {
            tls = Optional.of(files);
            return this;
        }

        /** Whether prompts and texts go into the log. */
        public Builder logPrompts(boolean log) {
            logPrompts = log;
            return this;
        }

        /** @throws IllegalArgumentException if a key is blank */
        public Access build() {
            return new Access(this);
        }
    }
}
