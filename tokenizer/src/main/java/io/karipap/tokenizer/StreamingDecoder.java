package io.karipap.tokenizer;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.IntPredicate;

/**
 * Turns token ids into text one by one, never emitting half a character. What the calls return, joined, is exactly what
 * {@link Tokenizer#decode(int[], boolean)} returns for the same ids. Not thread-safe.
 *
 * @since 0.1
 */
public final class StreamingDecoder {
    private final Tokenizer tokenizer;
    private final TokenDecoder decoder;
    private final IntPredicate leftOut;
    private byte[] pending = new byte[16];
    private int pendingLength;
    private boolean inByteRun;
    private int toStrip;
    private boolean atStart = true;

    /** @param leftOut ids that have no text */
    StreamingDecoder(Tokenizer tokenizer, TokenDecoder decoder, IntPredicate leftOut) {
        this.tokenizer = tokenizer;
        this.decoder = decoder;
        this.leftOut = leftOut;
        this.toStrip = decoder.stripLeft();
    }

    /** Makes this decoder go on after a text: a space before the first word then is part of what comes. */
    public StreamingDecoder continuing() {
        toStrip = 0;
        atStart = false;
        return this;
    }

    /**
     * The text that {@code id} completes; often all of the token, sometimes nothing yet.
     *
     * @throws IllegalArgumentException if the vocabulary has no such id
     */
    public String next(int id) {
        String token = tokenizer.spelling(id);
        if (token == null) {
            throw new IllegalArgumentException(
                    "token id " + id + " is not in the vocabulary of " + tokenizer.vocabularySize());
        }
        if (leftOut.test(id)) {
            return "";
        }
        return strip(decoder.style() == TokenDecoder.Style.BYTE_LEVEL ? nextByteLevel(token) : nextSpelled(token));
    }

    /** What was held back, now that no more tokens come. The decoder starts anew afterwards. */
    public String finish() {
        String rest = strip(inByteRun ? endByteRun() : lossy(pendingLength));
        toStrip = decoder.stripLeft();
        atStart = true;
        return rest;
    }

    private String nextByteLevel(String token) {
        append(decoder.bytes(token));
        return lossy(completeLength());
    }

    private String nextSpelled(String token) {
        boolean first = atStart;
        atStart = false;
        Byte value = decoder.style() == TokenDecoder.Style.BYTE_FALLBACK ? TokenDecoder.byteOf(token) : null;
        if (value != null) {
            inByteRun = true;
            append(new byte[] {value});
            return "";
        }
        String text = decoder.text(token, first);
        return inByteRun ? endByteRun() + text : text;
    }

    /** A run of byte tokens is judged as a whole: all valid UTF-8, or U+FFFD for every byte. */
    private String endByteRun() {
        inByteRun = false;
        ByteBuffer run = ByteBuffer.wrap(pending, 0, pendingLength);
        String replaced = "\uFFFD".repeat(pendingLength);
        pendingLength = 0;
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(run).toString();
        } catch (CharacterCodingException e) {
            return replaced;
        }
    }

    private String lossy(int length) {
        String text = new String(pending, 0, length, StandardCharsets.UTF_8);
        System.arraycopy(pending, length, pending, 0, pendingLength - length);
        pendingLength -= length;
        return text;
    }

    /** Length of the pending bytes without an unfinished character at their end. */
    private int completeLength() {
        for (int back = 1; back <= 3 && back <= pendingLength; back++) {
            int b = pending[pendingLength - back] & 0xff;
            if (b >= 0xC0) {
                int needed = b >= 0xF0 ? 4 : b >= 0xE0 ? 3 : 2;
                return needed > back && isPrefix(pendingLength - back, back) ? pendingLength - back : pendingLength;
            }
            if (b < 0x80) {
                return pendingLength;
            }
        }
        return pendingLength;
    }

    /** Whether the {@code length} bytes at {@code start} can still become one character. */
    private boolean isPrefix(int start, int length) {
        int lead = pending[start] & 0xff;
        if (lead < 0xC2 || lead > 0xF4) {
            return false;
        }
        if (length == 1) {
            return true;
        }
        int second = pending[start + 1] & 0xff;
        return switch (lead) {
            case 0xE0 -> second >= 0xA0;
            case 0xED -> second < 0xA0;
            case 0xF0 -> second >= 0x90;
            case 0xF4 -> second < 0x90;
            default -> true;
        };
    }

    private String strip(String text) {
        int from = 0;
        while (toStrip > 0 && from < text.length()) {
            if (text.charAt(from) != decoder.strip()) {
                toStrip = 0;
                break;
            }
            from++;
            toStrip--;
        }
        return text.substring(from);
    }

    private void append(byte[] bytes) {
        if (pendingLength + bytes.length > pending.length) {
            pending = Arrays.copyOf(pending, Math.max(pending.length * 2, pendingLength + bytes.length));
        }
        System.arraycopy(bytes, 0, pending, pendingLength, bytes.length);
        pendingLength += bytes.length;
    }
}
