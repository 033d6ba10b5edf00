package io.karipap.tokenizer;

import io.karipap.tokenizer.format.ByteLevelAlphabet;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a token says: its bytes, and how bytes become text. Compiled from the decoder of a tokenizer file.
 *
 * @param style how tokens are spelled
 * @param replacements literal replacements in the spelling of tokens, in order (empty for byte-level)
 * @param stripLeft how many leading characters {@code strip} of the whole text are dropped
 * @param strip the character to drop, if {@code stripLeft} is positive
 */
record TokenDecoder(Style style, List<Map.Entry<String, String>> replacements, int stripLeft, char strip) {
    /** How tokens are spelled. */
    enum Style {
        /** {@link ByteLevelAlphabet}: invalid UTF-8 becomes U+FFFD as the Unicode standard recommends. */
        BYTE_LEVEL,
        /** Tokens {@code <0xNN>} are bytes: in a run of them that is not valid UTF-8, every byte becomes U+FFFD. */
        BYTE_FALLBACK,
        /** Plain text. */
        PLAIN
    }

    private static final Map<String, Byte> BYTE_TOKENS = byteTokens();

    static TokenDecoder byteLevel() {
        return new TokenDecoder(Style.BYTE_LEVEL, List.of(), 0, ' ');
    }

    /** The value of a byte token {@code <0xNN>}, or null if {@code token} is not one. */
    static Byte byteOf(String token) {
        return token.length() == 6 ? BYTE_TOKENS.get(token) : null;
    }

    /** UTF-8 bytes of a token that is not a byte token of the fallback style. */
    byte[] bytes(String token) {
        if (style == Style.BYTE_LEVEL) {
            byte[] bytes = ByteLevelAlphabet.bytesOf(token);
            return bytes != null ? bytes : token.getBytes(StandardCharsets.UTF_8);
        }
        String text = token;
        for (Map.Entry<String, String> replacement : replacements) {
            text = text.replace(replacement.getKey(), replacement.getValue());
        }
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Map<String, Byte> byteTokens() {
        Map<String, Byte> tokens = new HashMap<>();
        for (int b = 0; b < 256; b++) {
            tokens.put(String.format("<0x%02X>", b), (byte) b);
        }
        return Map.copyOf(tokens);
    }
}
