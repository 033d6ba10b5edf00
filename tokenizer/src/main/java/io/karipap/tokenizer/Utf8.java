package io.karipap.tokenizer;

import java.nio.charset.StandardCharsets;

/** UTF-8 lengths and bytes of code points; a lone surrogate counts as U+FFFD. */
final class Utf8 {
    private static final byte[][] ASCII = new byte[128][];

    static {
        for (int i = 0; i < ASCII.length; i++) {
            ASCII[i] = new byte[] {(byte) i};
        }
    }

    private Utf8() {}

    static byte[] encode(int codePoint) {
        if (codePoint < 128) {
            return ASCII[codePoint];
        }
        return Character.toString(replaceSurrogate(codePoint)).getBytes(StandardCharsets.UTF_8);
    }

    static int length(int codePoint) {
        if (codePoint < 0x80) {
            return 1;
        }
        if (codePoint < 0x800) {
            return 2;
        }
        return codePoint < 0x10000 ? 3 : 4;
    }

    /** Number of UTF-8 bytes of {@code chars[start, end)}. */
    static int length(char[] chars, int start, int end) {
        int length = 0;
        for (int i = start; i < end; i += CharClass.width(chars, i, end)) {
            length += length(Character.codePointAt(chars, i, end));
        }
        return length;
    }

    static int replaceSurrogate(int codePoint) {
        return codePoint >= 0xD800 && codePoint <= 0xDFFF ? 0xFFFD : codePoint;
    }

    /** The code unit at {@code index} of {@code chars[start, end)}, U+FFFD in the place of a lone surrogate. */
    static char unit(char[] chars, int index, int start, int end) {
        char c = chars[index];
        if (!Character.isSurrogate(c)) {
            return c;
        }
        boolean paired = Character.isHighSurrogate(c)
                ? index + 1 < end && Character.isLowSurrogate(chars[index + 1])
                : index > start && Character.isHighSurrogate(chars[index - 1]);
        return paired ? c : '\uFFFD';
    }

    /** Writes the UTF-8 bytes of {@code chars[start, end)} to {@code out} and returns their number; three bytes a char suffice. */
    static int encode(char[] chars, int start, int end, byte[] out) {
        int n = 0;
        for (int i = start; i < end; i++) {
            int c = chars[i];
            if (c < 0x80) {
                out[n++] = (byte) c;
                continue;
            }
            if (Character.isSurrogate((char) c)) {
                c = replaceSurrogate(Character.codePointAt(chars, i, end));
                if (c >= 0x10000) {
                    i++;
                }
            }
            n = put(c, out, n);
        }
        return n;
    }

    private static int put(int c, byte[] out, int at) {
        int n = at;
        if (c < 0x800) {
            out[n++] = (byte) (0xC0 | c >> 6);
        } else {
            if (c < 0x10000) {
                out[n++] = (byte) (0xE0 | c >> 12);
            } else {
                out[n++] = (byte) (0xF0 | c >> 18);
                out[n++] = (byte) (0x80 | c >> 12 & 0x3F);
            }
            out[n++] = (byte) (0x80 | c >> 6 & 0x3F);
        }
        out[n++] = (byte) (0x80 | c & 0x3F);
        return n;
    }
}
