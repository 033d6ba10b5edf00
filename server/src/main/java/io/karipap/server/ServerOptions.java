package io.karipap.server;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How the server listens.
 *
 * @param host address to bind
 * @param port port to bind; 0 for any free one
 * @param limits on what clients may ask for
 * @param timeouts on what they may keep waiting
 * @param access who may ask
 */
public record ServerOptions(String host, int port, Limits limits, Timeouts timeouts, Access access) {
    /** @throws IllegalArgumentException if the port is out of range */
    public ServerOptions {
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("the port is " + port + ", expected 0..65535");
        }
    }

    /** Default limits and timeouts, open to everyone who reaches it. */
    public static ServerOptions of(String host, int port) {
        return new ServerOptions(host, port, Limits.DEFAULT, Timeouts.DEFAULT, Access.OPEN);
    }

    /**
     * Limits on requests. How many texts may run and wait is a limit of the engine.
     *
     * @param bodyBytes largest body
     * @param headerBytes largest head of a request
     * @param choices most texts of one request: prompts times n or best_of
     * @param connections most connections at a time
     */
    public record Limits(int bodyBytes, int headerBytes, int choices, int connections) {
        public static final Limits DEFAULT = new Limits(4 << 20, 16 << 10, 128, 1024);

        /** @throws IllegalArgumentException if a limit is less than 1 */
        public Limits {
            if (bodyBytes < 1 || headerBytes < 1 || choices < 1 || connections < 1) {
                throw new IllegalArgumentException("limits of " + bodyBytes + " bytes of body, " + headerBytes
                        + " of header, " + choices + " choices, " + connections + " connections: all must be positive");
            }
        }
    }

    /**
     * Timeouts.
     *
     * @param idle a connection without a request is closed after this time
     * @param receive a request must have arrived completely in this time
     * @param send a client must read something in this time
     * @param generate a text must be complete in this time; it ends there
     * @param drain how long running requests may go on when the server is stopped
     */
    public record Timeouts(Duration idle, Duration receive, Duration send, Duration generate, Duration drain) {
        public static final Timeouts DEFAULT = new Timeouts(
                Duration.ofMinutes(1),
                Duration.ofSeconds(30),
                Duration.ofSeconds(30),
                Duration.ofMinutes(10),
                Duration.ofSeconds(30));

        /** @throws IllegalArgumentException if one but drain is not positive */
        public Timeouts {
            if (!idle.isPositive()
                    || !receive.isPositive()
                    || !send.isPositive()
                    || !generate.isPositive()
                    || drain.isNegative()) {
                throw new IllegalArgumentException("timeouts must be positive, drain may be 0");
            }
        }
    }

    /**
     * Who may ask, and how.
     *
     * @param apiKeys clients must show one of these; empty if nobody has to
     * @param corsOrigins pages of these origins may ask from a browser; empty for none, "*" for all
     * @param tls certificate and key; empty for plain HTTP
     * @param logPrompts whether prompts and texts go into the log
     */
    public record Access(List<String> apiKeys, List<String> corsOrigins, Optional<Tls> tls, boolean logPrompts) {
        public static final Access OPEN = new Access(List.of(), List.of(), Optional.empty(), false);

        /** @throws IllegalArgumentException if a key is blank */
        public Access {
            apiKeys = List.copyOf(apiKeys);
            corsOrigins = List.copyOf(corsOrigins);
            if (apiKeys.stream().anyMatch(String::isBlank)) {
                throw new IllegalArgumentException("an API key is blank");
            }
        }
    }

    /**
     * TLS.
     *
     * @param certificate chain in PEM
     * @param key private key in PEM (PKCS#8), without a password
     */
    public record Tls(Path certificate, Path key) {}
}
