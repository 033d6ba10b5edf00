package io.karipap.tokenizer;

/** Appends the tokens of a piece to a buffer, with the original characters that each covers if the buffer tracks them. */
final class PieceOffsets {
    private PieceOffsets() {}

    /** @param widths UTF-16 code units of each token; a token of width 0 covers the same characters as the one before it */
    static void appendByCodeUnits(Text text, int start, int[] ids, int[] widths, TokenBuffer out) {
        if (!out.tracked()) {
            out.addAll(ids);
            return;
        }
        int at = start;
        int tokenStart = start;
        for (int i = 0; i < ids.length; i++) {
            if (widths[i] > 0) {
                tokenStart = at;
                at += widths[i];
            }
            out.add(ids[i], text.originStart(tokenStart), text.originEnd(at - 1));
        }
    }

    /** @param widths UTF-8 bytes of each token */
    static void appendByBytes(Text text, int start, int[] ids, int[] widths, TokenBuffer out) {
        if (!out.tracked()) {
            out.addAll(ids);
            return;
        }
        char[] chars = text.chars();
        int at = start; // the character that holds the next byte
        int inside = 0; // bytes of it already taken
        for (int i = 0; i < ids.length; i++) {
            int first = at;
            int last = at;
            for (int left = widths[i]; left > 0; ) {
                int codePoint = Utf8.replaceSurrogate(Character.codePointAt(chars, at));
                int take = Math.min(left, Utf8.length(codePoint) - inside);
                last = at + Character.charCount(codePoint) - 1;
                left -= take;
                inside += take;
                if (inside == Utf8.length(codePoint)) {
                    inside = 0;
                    at = last + 1;
                }
            }
            out.add(ids[i], text.originStart(first), text.originEnd(last));
        }
    }
}
