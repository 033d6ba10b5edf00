package io.karipap.tokenizer;

import io.karipap.tokenizer.format.ByteLevelAlphabet;

/** Byte pair encoding of pieces, with a memory of the pieces seen (Sennrich et al., arXiv 1508.07909). */
final class BpeModel {
    private final Vocabulary vocabulary;
    private final MergeTable merges;
    private final SymbolSource source;
    private final boolean wholePieceFirst;
    private final char wordMark;
    private final PieceCache cache = new PieceCache();

    /**
     * @param vocabulary token spellings
     * @param merges pairs by rank
     * @param source how a piece becomes symbols
     * @param wholePieceFirst whether a piece that is itself a token is taken whole, whatever the merges say (HF's
     *     {@code ignore_merges})
     */
    BpeModel(Vocabulary vocabulary, MergeTable merges, SymbolSource source, boolean wholePieceFirst) {
        this.vocabulary = vocabulary;
        this.merges = merges;
        this.source = source;
        this.wholePieceFirst = wholePieceFirst;
        this.wordMark = source.byteWidths() ? 0 : safeWordMark(vocabulary);
    }

    Vocabulary vocabulary() {
        return vocabulary;
    }

    /**
     * SentencePiece's visible space, if no token has it after another character: then no merge crosses from a word into the mark
     * of the next one, and a text may be cut there and its words cached without changing any result. Otherwise 0.
     */
    private static char safeWordMark(Vocabulary vocabulary) {
        char mark = '▁';
        if (vocabulary.id(String.valueOf(mark)) < 0) {
            return 0;
        }
        for (int id = 0; id < vocabulary.size(); id++) {
            String token = vocabulary.token(id);
            for (int i = 1; token != null && i < token.length(); i++) {
                if (token.charAt(i) == mark && token.charAt(i - 1) != mark) {
                    return 0;
                }
            }
        }
        return mark;
    }

    /** Appends the tokens of {@code text[start, end)} to {@code out}. */
    void encode(Text text, int start, int end, Symbols symbols, TokenBuffer out) {
        if (wordMark == 0 || wholePieceFirst) {
            encodePiece(text, start, end, symbols, out);
            return;
        }
        char[] chars = text.chars();
        int from = start;
        for (int i = start + 1; i < end; i++) {
            if (chars[i] == wordMark && chars[i - 1] != wordMark) {
                encodePiece(text, from, i, symbols, out);
                from = i;
            }
        }
        encodePiece(text, from, end, symbols, out);
    }

    private void encodePiece(Text text, int start, int end, Symbols symbols, TokenBuffer out) {
        char[] chars = text.chars();
        if (end - start > PieceCache.MAX_PIECE) {
            merge(chars, start, end, symbols);
            append(text, start, symbols.ids(), symbols.widths(), out);
            return;
        }
        int hash = PieceCache.hash(chars, start, end);
        PieceCache.Entry entry = cache.find(chars, start, end, hash);
        if (entry == null) {
            merge(chars, start, end, symbols);
            entry = new PieceCache.Entry(
                    java.util.Arrays.copyOfRange(chars, start, end), symbols.ids(), symbols.widths());
            cache.put(hash, entry);
        }
        append(text, start, entry.ids(), entry.widths(), out);
    }

    private void merge(char[] chars, int start, int end, Symbols symbols) {
        symbols.clear();
        if (wholePieceFirst) {
            int id = vocabulary.id(spelling(chars, start, end));
            if (id >= 0) {
                symbols.add(id, source.byteWidths() ? utf8Length(chars, start, end) : end - start);
                return;
            }
        }
        source.read(chars, start, end, symbols);
        symbols.merge(merges);
    }

    private String spelling(char[] chars, int start, int end) {
        String piece = new String(chars, start, end - start);
        return source.byteWidths()
                ? ByteLevelAlphabet.spell(piece.getBytes(java.nio.charset.StandardCharsets.UTF_8))
                : piece;
    }

    private static int utf8Length(char[] chars, int start, int end) {
        return Utf8.encode(chars, start, end, new byte[(end - start) * 3]);
    }

    private void append(Text text, int start, int[] ids, int[] widths, TokenBuffer out) {
        if (!out.tracked()) {
            out.addAll(ids);
            return;
        }
        if (source.byteWidths()) {
            appendByBytes(text, start, ids, widths, out);
        } else {
            appendByCodeUnits(text, start, ids, widths, out);
        }
    }

    private static void appendByCodeUnits(Text text, int start, int[] ids, int[] widths, TokenBuffer out) {
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

    private static void appendByBytes(Text text, int start, int[] ids, int[] widths, TokenBuffer out) {
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
