package io.karipap.tokenizer;

import java.util.function.IntPredicate;

/** WordPiece as BERT uses it: from the left always the longest token; a word that cannot be spelled is one unknown token. */
final class WordPieceModel implements TokenModel {
    private final Vocabulary vocabulary;
    private final PieceTrie words = new PieceTrie();
    private final PieceTrie continuations = new PieceTrie();
    private final int unknownId;
    private final int maxWord;

    /**
     * @param vocabulary token spellings
     * @param usable which tokens may come out, by id
     * @param continuationPrefix what marks a token that goes on within a word, such as {@code ##}
     * @param unknownId id of the unknown token
     * @param maxWord words of more code points than this are unknown
     */
    WordPieceModel(Vocabulary vocabulary, IntPredicate usable, String continuationPrefix, int unknownId, int maxWord) {
        this.vocabulary = vocabulary;
        this.unknownId = unknownId;
        this.maxWord = maxWord;
        for (int id = 0; id < vocabulary.size(); id++) {
            String token = vocabulary.token(id);
            if (token == null || token.isEmpty() || !usable.test(id)) {
                continue;
            }
            words.put(token, id);
            if (token.startsWith(continuationPrefix) && token.length() > continuationPrefix.length()) {
                continuations.put(token.substring(continuationPrefix.length()), id);
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
        symbols.clear();
        if (end - start > maxWord && Character.codePointCount(chars, start, end - start) > maxWord
                || !spell(chars, start, end, symbols)) {
            symbols.clear();
            symbols.add(unknownId, end - start);
        }
        PieceOffsets.appendByCodeUnits(text, start, symbols.ids(), symbols.widths(), out);
    }

    private boolean spell(char[] chars, int start, int end, Symbols symbols) {
        PieceTrie trie = words;
        for (int i = start; i < end; ) {
            int longest = -1;
            int id = -1;
            int node = PieceTrie.ROOT;
            for (int j = i; j < end; ) {
                node = trie.child(node, Utf8.unit(chars, j, start, end));
                if (node < 0) {
                    break;
                }
                j++;
                if (trie.id(node) >= 0) {
                    id = trie.id(node);
                    longest = j;
                }
            }
            if (id < 0) {
                return false;
            }
            symbols.add(id, longest - i);
            i = longest;
            trie = continuations;
        }
        return true;
    }
}
