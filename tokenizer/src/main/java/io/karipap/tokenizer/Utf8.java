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

    /** Whether {@code text[from, to)} is UTF-8. */
    static boolean valid(byte[] text, int from, int to) {
        for (int i = from; i < to; ) {
            int lead = text[i++];
            if (lead >= 0) {
                continue;
            }
            lead &= 0xff;
            int more = lead < 0xC2 || lead > 0xF4 ? 0 : lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
            if (more == 0 || to - i < more) {
                return false;
            }
            int second = text[i] & 0xff;
            int least = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
            int most = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
            if (second < least || second > most) {
                return false;
            }
            for (int end = i++ + more; i < end; i++) {
                if ((text[i] & 0xC0) != 0x80) {
                    return false;
                }
            }
        }
        return true;
    }

    static boolean hasLoneSurrogate(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                if (Character.charCount(text.codePointAt(i)) < 2) {
                    return true;
                }
                i++;
            }
        }
        return false;
    }

    /**
     * Writes {@code text} to {@code out} from {@code at} on, a lone surrogate as three bytes of its own, so that no two texts have the same
     * bytes. Returns where it ends; three bytes a char suffice.
     */
    static int encodeExactly(String text, byte[] out, int at) {
        int n = at;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                out[n++] = (byte) c;
                continue;
            }
            int codePoint = text.codePointAt(i);
            if (codePoint >= 0x10000) {
                i++;
            }
            n = put(codePoint, out, n);
        }
        return n;
    }

    /** The text that {@link #encodeExactly} wrote to {@code bytes[from, to)}. */
    static String decodeExactly(byte[] bytes, int from, int to) {
        StringBuilder text = new StringBuilder(to - from);
        for (int i = from; i < to; ) {
            int lead = bytes[i++] & 0xff;
            int more = lead < 0x80 ? 0 : lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
            int codePoint = more == 0 ? lead : lead & 0x3F >> more;
            for (int end = i + more; i < end; i++) {
                codePoint = codePoint << 6 | bytes[i] & 0x3F;
            }
            text.appendCodePoint(codePoint);
        }
        return text.toString();
    }
}
