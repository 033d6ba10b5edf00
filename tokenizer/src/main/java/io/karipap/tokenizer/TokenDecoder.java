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
 * @param dropInFirst what is dropped wherever it stands in the first token, or empty
 * @param continuation WordPiece: what a token that goes on within a word begins with
 * @param cleanup WordPiece: whether spaces before punctuation and contractions are dropped
 */
record TokenDecoder(
        Style style,
        List<Map.Entry<String, String>> replacements,
        int stripLeft,
        char strip,
        String dropInFirst,
        String continuation,
        boolean cleanup) {
    /** How tokens are spelled. */
    enum Style {
        /** {@link ByteLevelAlphabet}: invalid UTF-8 becomes U+FFFD as the Unicode standard recommends. */
        BYTE_LEVEL,
        /** Tokens {@code <0xNN>} are bytes: in a run of them that is not valid UTF-8, every byte becomes U+FFFD. */
        BYTE_FALLBACK,
        /** Plain text. */
        PLAIN,
        /** WordPiece: a token follows a space unless it begins with {@code ##}. */
        WORD_PIECE
    }

    private static final Map<String, Byte> BYTE_TOKENS = byteTokens();

    /** What the cleanup of Hugging Face's WordPiece decoder replaces, in order. */
    private static final List<Map.Entry<String, String>> CLEANUP = List.of(
            Map.entry(" .", "."),
            Map.entry(" ?", "?"),
            Map.entry(" !", "!"),
            Map.entry(" ,", ","),
            Map.entry(" ' ", "'"),
            Map.entry(" n't", "n't"),
            Map.entry(" 'm", "'m"),
            Map.entry(" do not", " don't"),
            Map.entry(" 's", "'s"),
            Map.entry(" 've", "'ve"),
            Map.entry(" 're", "'re"));

    TokenDecoder(Style style, List<Map.Entry<String, String>> replacements, int stripLeft, char strip) {
        this(style, replacements, stripLeft, strip, "", "", false);
    }

    static TokenDecoder byteLevel() {
        return new TokenDecoder(Style.BYTE_LEVEL, List.of(), 0, ' ');
    }

    static TokenDecoder wordPiece(String continuation, boolean cleanup) {
        return new TokenDecoder(Style.WORD_PIECE, List.of(), 0, ' ', "", continuation, cleanup);
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
        return text(token, false).getBytes(StandardCharsets.UTF_8);
    }

    /** The text of a token that is neither byte-level nor a byte token; {@code first} says whether the text begins with it. */
    String text(String token, boolean first) {
        if (style == Style.WORD_PIECE) {
            return wordPieceText(token, first);
        }
        String text = first && !dropInFirst.isEmpty() ? token.replace(dropInFirst, "") : token;
        for (Map.Entry<String, String> replacement : replacements) {
            text = text.replace(replacement.getKey(), replacement.getValue());
        }
        return text;
    }

    private String wordPieceText(String token, boolean first) {
        String text = token;
        if (!first) {
            text = token.startsWith(continuation) ? token.substring(continuation.length()) : " " + token;
        }
        if (cleanup) {
            for (Map.Entry<String, String> replacement : CLEANUP) {
                text = text.replace(replacement.getKey(), replacement.getValue());
            }
        }
        return text;
    }

    private static Map<String, Byte> byteTokens() {
        Map<String, Byte> tokens = new HashMap<>();
        for (int b = 0; b < 256; b++) {
            tokens.put(String.format("<0x%02X>", b), (byte) b);
        }
        return Map.copyOf(tokens);
    }
}
