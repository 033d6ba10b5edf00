package io.karipap.server;

import java.nio.file.Path;

/**
 * With what a server speaks TLS.
 *
 * @param certificate chain in PEM
 * @param key private key in PEM (PKCS#8), without a password
 * @since 0.1
 */
public record Tls(Path certificate, Path key) {}
