package io.karipap.tokenizer;

import java.util.Arrays;

/**
 * A bounded, lock-free memory of pieces already merged. Direct-mapped: a new piece takes the slot of an older one. Entries are
 * immutable with final fields, so a racy read sees a whole entry or none.
 */
final class PieceCache {
    /** Longer pieces are rare and seldom repeat. */
    static final int MAX_PIECE = 32;

    /** Words of a long text: at Zipf's law 2¹⁵ slots answer over 95 % of look-ups, in about 3 MB. */
    private static final int SLOTS = 1 << 15;

    private final Entry[] entries = new Entry[SLOTS];

    /** A piece and its tokens; do not modify the arrays. */
    static final class Entry {
        private final char[] piece;
        private final int[] ids;
        private final int[] widths;

        Entry(char[] piece, int[] ids, int[] widths) {
            this.piece = piece;
            this.ids = ids;
            this.widths = widths;
        }

        int[] ids() {
            return ids;
        }

        int[] widths() {
            return widths;
        }
    }

    static int hash(char[] chars, int start, int end) {
        int h = end - start;
        for (int i = start; i < end; i++) {
            h = h * 0x01000193 ^ chars[i];
        }
        h *= 0x9E3779B9;
        return h >>> 17; // 15 bits
    }

    Entry find(char[] chars, int start, int end, int hash) {
        Entry entry = entries[hash];
        return entry != null && Arrays.equals(entry.piece, 0, entry.piece.length, chars, start, end) ? entry : null;
    }

    void put(int hash, Entry entry) {
        entries[hash] = entry;
    }
}
