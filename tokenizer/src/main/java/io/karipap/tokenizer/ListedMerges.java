package io.karipap.tokenizer;

import java.nio.charset.StandardCharsets;

/** Merges of vocabularies that list them as pairs of spellings, the first one first. */
final class ListedMerges {
    private final Vocabulary vocabulary;
    private final MergeTable table;
    private byte[] joined = new byte[64];
    private int rank;

    /** @param expected how many there will be, more or less */
    ListedMerges(Vocabulary vocabulary, int expected) {
        this.vocabulary = vocabulary;
        this.table = new MergeTable(expected);
    }

    /** Rank of the next merge. */
    int next() {
        return rank;
    }

    /** @throws TokenizerException if the vocabulary lacks one of the tokens or what they make */
    void add(String left, String right) {
        int leftId = vocabulary.id(left);
        int rightId = vocabulary.id(right);
        int merged = vocabulary.id(left + right);
        if (leftId < 0 || rightId < 0 || merged < 0) {
            throw missing(leftId, rightId, left, right);
        }
        table.put(leftId, rightId, rank++, merged);
    }

    /**
     * Adds the merge of {@code pair[from, space)} and {@code pair(space, to)} in UTF-8.
     *
     * @throws TokenizerException if the vocabulary lacks one of the tokens or what they make
     */
    void add(byte[] pair, int from, int space, int to) {
        if (!Utf8.valid(pair, from, to)) {
            add(text(pair, from, space), text(pair, space + 1, to));
            return;
        }
        int left = space - from;
        int length = to - from - 1;
        if (joined.length < length) {
            joined = new byte[length * 2];
        }
        System.arraycopy(pair, from, joined, 0, left);
        System.arraycopy(pair, space + 1, joined, left, length - left);
        int leftId = vocabulary.id(joined, 0, left);
        int rightId = vocabulary.id(joined, left, length);
        int merged = vocabulary.id(joined, 0, length);
        if (leftId < 0 || rightId < 0 || merged < 0) {
            throw missing(leftId, rightId, text(pair, from, space), text(pair, space + 1, to));
        }
        table.put(leftId, rightId, rank++, merged);
    }

    private TokenizerException missing(int leftId, int rightId, String left, String right) {
        String missing = leftId < 0 ? left : rightId < 0 ? right : left + right;
        return new TokenizerException(
                "merge " + rank + " names the token \"" + missing + "\", which is not in the vocabulary");
    }

    private static String text(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }

    /** All merges. */
    MergeTable table() {
        return table;
    }
}
