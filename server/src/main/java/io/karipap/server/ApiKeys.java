package io.karipap.server;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;

/** The keys that clients may show. Compared by their hashes, all of them, so that the time says nothing about a key. */
final class ApiKeys {
    private static final String SCHEME = "Bearer ";

    private final List<byte[]> hashes;

    ApiKeys(List<String> keys) {
        hashes = keys.stream().map(ApiKeys::hash).toList();
    }

    /**
     * @param authorization the header, or null
     * @throws ApiException if a key is needed and this is none
     */
    void check(String authorization) {
        if (hashes.isEmpty()) {
            return;
        }
        if (authorization == null || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            throw ApiException.unauthorized("an API key is needed: send the header \"Authorization: Bearer KEY\"");
        }
        byte[] shown = hash(authorization.substring(SCHEME.length()).strip());
        boolean known = false;
        for (byte[] hash : hashes) {
            known |= MessageDigest.isEqual(hash, shown);
        }
        if (!known) {
            throw ApiException.unauthorized("the API key is not known here");
        }
    }

    private static byte[] hash(String key) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
