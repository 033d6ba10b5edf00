package io.karipap.tokenizer;

import io.karipap.tokenizer.format.ByteLevelAlphabet;
import java.util.BitSet;

/** Byte pair encoding of pieces, with a memory of the pieces seen (Sennrich et al., arXiv 1508.07909). */
final class BpeModel implements TokenModel {
    private static final char MARK = '▁';

    private final Vocabulary vocabulary;
    private final MergeTable merges;
    private final SymbolSource source;
    private final boolean wholePieceFirst;
    private final BitSet crossings;
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
        this.crossings = source.byteWidths() ? null : crossings(vocabulary);
    }

    @Override
    public Vocabulary vocabulary() {
        return vocabulary;
    }

    /**
     * The code units that some token has before SentencePiece's visible space ▁: behind every other one no merge crosses into the mark,
     * and a text may be cut there and its words cached without changing any result. Null where words are not marked so.
     */
    private static BitSet crossings(Vocabulary vocabulary) {
        if (vocabulary.id(String.valueOf(MARK)) < 0) {
            return null;
        }
        BitSet before = new BitSet();
        before.set(MARK);
        byte[] bytes = vocabulary.bytes();
        byte[] mark = Utf8.encode(MARK);
        for (int id = 0; id < vocabulary.size(); id++) {
            int last = vocabulary.has(id) ? vocabulary.end(id) - mark.length : -1;
            for (int i = vocabulary.start(id) + 1; i <= last; i++) {
                if (bytes[i] == mark[0] && bytes[i + 1] == mark[1] && bytes[i + 2] == mark[2]) {
                    String head = Utf8.decodeExactly(bytes, vocabulary.start(id), i);
                    before.set(head.charAt(head.length() - 1));
                }
            }
        }
        return before;
    }

    @Override
    public void encode(Text text, int start, int end, Symbols symbols, TokenBuffer out) {
        if (crossings == null || wholePieceFirst) {
            encodePiece(text, start, end, symbols, out);
            return;
        }
        char[] chars = text.chars();
        int from = start;
        for (int i = start + 1; i < end; i++) {
            if (chars[i] == MARK && !crossings.get(chars[i - 1])) {
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
