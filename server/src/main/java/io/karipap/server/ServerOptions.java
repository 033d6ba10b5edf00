package io.karipap.server;

import java.time.Duration;

/**
 * How the server listens.
 *
 * @param host address to bind
 * @param port port to bind; 0 for any free one
 * @param maxBodyBytes largest request body
 * @param idleTimeout a connection without a running request is closed after this time of silence
 */
public record ServerOptions(String host, int port, int maxBodyBytes, Duration idleTimeout) {
    /** @throws IllegalArgumentException if a value is out of range */
    public ServerOptions {
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("the port is " + port + ", expected 0..65535");
        }
        if (maxBodyBytes < 1) {
            throw new IllegalArgumentException("the largest body is " + maxBodyBytes + " bytes, expected at least 1");
        }
    }

    /** Bodies up to 4 MiB, idle connections closed after a minute. */
    public static ServerOptions of(String host, int port) {
        return new ServerOptions(host, port, 4 << 20, Duration.ofMinutes(1));
    }
}
