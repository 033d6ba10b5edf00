package io.karipap.hub;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a file must hash to: the entity tag of the hub, by which its blob is named. Large files have their SHA-256 there, small ones
 * the SHA-1 of git's blob (a header with the size, then the content).
 *
 * @param hex 64 or 40 hexadecimal digits
 */
record ContentHash(String hex) {
    private static final int SHA256_DIGITS = 64;
    private static final Pattern VALID = Pattern.compile("[0-9a-f]{64}|[0-9a-f]{40}");

    ContentHash {
        if (!VALID.matcher(hex).matches()) {
            throw new IllegalArgumentException("no SHA-256 and no SHA-1 of git: " + RepositoryFile.printable(hex));
        }
    }

    /** The hash in an {@code ETag} or {@code X-Linked-Etag}; empty if there is none. */
    static Optional<ContentHash> ofEntityTag(String tag) {
        String text = tag.startsWith("W/") ? tag.substring(2) : tag;
        if (text.length() > 1 && text.startsWith("\"") && text.endsWith("\"")) {
            text = text.substring(1, text.length() - 1);
        }
        return VALID.matcher(text).matches() ? Optional.of(new ContentHash(text)) : Optional.empty();
    }

    String algorithm() {
        return hex.length() == SHA256_DIGITS ? "SHA-256" : "SHA-1 of git";
    }

    /** A digest of a file of {@code bytes} bytes, to be fed with its content. */
    MessageDigest digest(long bytes) {
        try {
            if (hex.length() == SHA256_DIGITS) {
                return MessageDigest.getInstance("SHA-256");
            }
            MessageDigest digest = MessageDigest.getInstance("SHA-1");
            digest.update(("blob " + bytes + "\0").getBytes(StandardCharsets.US_ASCII));
            return digest;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-1 and SHA-256", e);
        }
    }

    static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }
}
