package io.karipap.tokenizer.jinja;

/** White space as Python's {@code str} sees it. */
final class Spaces {
    private Spaces() {}

    static boolean is(int c) {
        return Character.isWhitespace(c) || c == 0x85 || c == 0xA0 || c == 0x2007 || c == 0x202F;
    }

    /** Where {@code text[from, to)} begins without white space before it. */
    static int trimmedStart(String text, int from, int to) {
        int start = from;
        while (start < to && is(text.charAt(start))) {
            start++;
        }
        return start;
    }

    /** Where {@code text[from, to)} ends without white space behind it. */
    static int trimmedEnd(String text, int from, int to) {
        int end = to;
        while (end > from && is(text.charAt(end - 1))) {
            end--;
        }
        return end;
    }
}
