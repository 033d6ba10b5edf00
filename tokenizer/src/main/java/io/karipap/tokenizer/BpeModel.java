package io.karipap.tokenizer;

/** Byte pair encoding of pieces, with a memory of the pieces seen (Sennrich et al., arXiv 1508.07909). */
final class BpeModel implements TokenModel {
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

    @Override
    public Vocabulary vocabulary() {
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

    @Override
    public void encode(Text text, int start, int end, Symbols symbols, TokenBuffer out) {
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
                symbols.add(id, source.byteWidths() ? Utf8.length(chars, start, end) : end - start);
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

    private void append(Text text, int start, int[] ids, int[] widths, TokenBuffer out) {
        if (source.byteWidths()) {
            PieceOffsets.appendByBytes(text, start, ids, widths, out);
        } else {
            PieceOffsets.appendByCodeUnits(text, start, ids, widths, out);
        }
    }
}
