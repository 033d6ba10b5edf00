package io.karipap.tokenizer;

import java.util.Arrays;

/**
 * A unigram language model (Kudo, arXiv 1804.10959): of all ways to cut a piece into tokens the one whose scores have the greatest sum,
 * found by Viterbi's algorithm in time proportional to the length of the text times that of the longest token. Of equal sums the one
 * that was found first stays, as in SentencePiece and in Hugging Face's tokenizers.
 */
final class UnigramModel implements TokenModel {
    /** How much less likely than the least likely token an unknown character is. */
    private static final double UNKNOWN_PENALTY = 10;

    private final Vocabulary vocabulary;
    private final PieceTrie trie;
    private final double[] scores;
    private final double unknownScore;
    private final boolean singlePrecision;
    private final int unknownId;
    private final int[] byteIds;
    private final PieceCache cache = new PieceCache();

    /**
     * @param vocabulary token spellings
     * @param scores logarithms of probabilities by token id
     * @param usable which tokens may come out, by id
     * @param leastScore score of the least likely token
     * @param singlePrecision whether sums are rounded to 32 bits, as SentencePiece does; Hugging Face's tokenizers keep 64
     * @param unknownId id of the unknown token
     * @param byteIds ids of the 256 byte tokens, or null without byte fallback
     */
    UnigramModel(
            Vocabulary vocabulary,
            double[] scores,
            boolean[] usable,
            double leastScore,
            boolean singlePrecision,
            int unknownId,
            int[] byteIds) {
        this.vocabulary = vocabulary;
        this.scores = scores.clone();
        this.singlePrecision = singlePrecision;
        this.unknownScore = round(leastScore - UNKNOWN_PENALTY);
        this.unknownId = unknownId;
        this.byteIds = byteIds == null ? null : byteIds.clone();
        trie = new PieceTrie();
        for (int id = 0; id < scores.length; id++) {
            String token = vocabulary.token(id);
            if (token != null && !token.isEmpty() && usable[id]) {
                if (!Double.isFinite(scores[id])) {
                    throw new TokenizerException(
                            "token \"" + token + "\" has the score " + scores[id] + ", expected a finite number");
                }
                trie.put(token, id);
            }
        }
    }

    @Override
    public Vocabulary vocabulary() {
        return vocabulary;
    }

    @Override
    public void encode(Text text, int start, int end, Symbols symbols, TokenBuffer out) {
        char[] chars = text.chars();
        if (end - start > PieceCache.MAX_PIECE) {
            cut(chars, start, end, symbols);
            PieceOffsets.appendByCodeUnits(text, start, symbols.ids(), symbols.widths(), out);
            return;
        }
        int hash = PieceCache.hash(chars, start, end);
        PieceCache.Entry entry = cache.find(chars, start, end, hash);
        if (entry == null) {
            cut(chars, start, end, symbols);
            entry = new PieceCache.Entry(Arrays.copyOfRange(chars, start, end), symbols.ids(), symbols.widths());
            cache.put(hash, entry);
        }
        PieceOffsets.appendByCodeUnits(text, start, entry.ids(), entry.widths(), out);
    }

    private void cut(char[] chars, int start, int end, Symbols symbols) {
        Lattice lattice = new Lattice(end - start);
        for (int i = 0; i < end - start; ) {
            int width = CharClass.width(chars, start + i, end);
            boolean known = false;
            int node = PieceTrie.ROOT;
            for (int j = i; j < end - start; ) {
                node = trie.child(node, Utf8.unit(chars, start + j, start, end));
                if (node < 0) {
                    break;
                }
                j++;
                int id = trie.id(node);
                if (id >= 0) {
                    lattice.offer(i, j, id, round(scores[id] + lattice.best[i]));
                    known |= j - i == width;
                }
            }
            if (!known) {
                lattice.offer(i, i + width, unknownId, round(unknownScore + lattice.best[i]));
            }
            i += width;
        }
        symbols.clear();
        lattice.markPath();
        boolean afterUnknown = false;
        for (int i = 0; i < end - start; i = lattice.next[i]) {
            int width = lattice.next[i] - i;
            int id = lattice.ids[lattice.next[i]];
            if (id != unknownId) {
                symbols.add(id, width);
            } else if (byteIds != null) {
                addBytes(chars, start + i, width, symbols);
            } else if (afterUnknown) {
                symbols.widenLast(width);
            } else {
                symbols.add(id, width);
            }
            afterUnknown = id == unknownId;
        }
    }

    /** The first byte token carries the width, so that the widths of a piece still add up. */
    private void addBytes(char[] chars, int at, int width, Symbols symbols) {
        int codePoint = Utf8.replaceSurrogate(Character.codePointAt(chars, at, at + width));
        int rest = width;
        for (byte b : Utf8.encode(codePoint)) {
            symbols.add(byteIds[b & 0xff], rest);
            rest = 0;
        }
    }

    private double round(double score) {
        return singlePrecision ? (float) score : score;
    }

    /** The best way to every position of a piece. */
    private final class Lattice {
        private final double[] best;
        private final int[] from;
        private final int[] ids;
        private final int[] next;

        Lattice(int length) {
            best = new double[length + 1];
            ids = new int[length + 1];
            next = new int[length + 1];
            from = new int[length + 1];
            Arrays.fill(from, -1);
        }

        void offer(int start, int end, int id, double score) {
            if (from[end] < 0 || score > best[end]) {
                best[end] = score;
                from[end] = start;
                ids[end] = id;
            }
        }

        /** Links the positions of the best path forward. */
        void markPath() {
            for (int end = next.length - 1; end > 0; end = from[end]) {
                next[from[end]] = end;
            }
        }
    }
}
