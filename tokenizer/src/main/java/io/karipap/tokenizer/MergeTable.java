package io.karipap.tokenizer;

import java.util.Arrays;

/**
 * The merges of a BPE model: a pair of token ids to the rank of its merge and the id it makes. Open addressing, no boxing; at most three
 * fifths of the slots are taken. A slot holds the pair in its upper and the rank in its lower bits.
 */
final class MergeTable {
    /** What {@link #find} returns where there is no merge; greater than every merge. */
    static final long NONE = Long.MAX_VALUE;

    /** Twice the most merges in use. */
    private static final int RANK_BITS = 22;

    private static final int ID_BITS = 21;
    private static final long RANK_MASK = (1 << RANK_BITS) - 1;
    private static final long EMPTY = -1; // of no pair: ids are at most Vocabulary.MAX_ID

    private long[] slots;
    private int[] merged;
    private int size;

    /** @param expected how many ranks there will be, more or less */
    MergeTable(int expected) {
        int capacity = 16;
        while (full(expected, capacity)) {
            capacity *= 2;
        }
        slots = new long[capacity];
        Arrays.fill(slots, EMPTY);
        merged = new int[Math.max(16, expected)];
    }

    /**
     * Adds a merge; of two merges of the same pair the one of lower rank stays. All merges of a rank make the same token.
     *
     * @throws TokenizerException if there are too many
     */
    void put(int left, int right, int rank, int mergedId) {
        if (rank > RANK_MASK) {
            throw new TokenizerException("has more than " + (RANK_MASK + 1) + " merges");
        }
        if (full(size + 1, slots.length)) {
            grow();
        }
        if (rank >= merged.length) {
            merged = Arrays.copyOf(merged, Math.max(rank + 1, merged.length * 2));
        }
        merged[rank] = mergedId;
        long pair = pair(left, right);
        int slot = slot(pair);
        long value = pair << RANK_BITS | rank;
        if (slots[slot] == EMPTY) {
            size++;
            slots[slot] = value;
        } else {
            slots[slot] = Math.min(slots[slot], value);
        }
    }

    /** {@code rank << 32 | merged id}, so that the smaller value is the earlier merge; {@link #NONE} if the pair never merges. */
    long find(int left, int right) {
        long pair = pair(left, right);
        int mask = slots.length - 1;
        int slot = hash(pair) & mask;
        while (true) {
            long found = slots[slot];
            if (found >>> RANK_BITS == pair) {
                int rank = (int) (found & RANK_MASK);
                return (long) rank << 32 | merged[rank];
            }
            if (found == EMPTY) {
                return NONE;
            }
            slot = slot + 1 & mask;
        }
    }

    static int mergedId(long value) {
        return (int) value;
    }

    private int slot(long pair) {
        int mask = slots.length - 1;
        int slot = hash(pair) & mask;
        while (slots[slot] != EMPTY && slots[slot] >>> RANK_BITS != pair) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private void grow() {
        long[] old = slots;
        slots = new long[old.length * 2];
        Arrays.fill(slots, EMPTY);
        for (long value : old) {
            if (value != EMPTY) {
                slots[slot(value >>> RANK_BITS)] = value;
            }
        }
    }

    private static boolean full(int merges, int slots) {
        return merges * 5L > slots * 3L;
    }

    private static long pair(int left, int right) {
        return (long) left << ID_BITS | right;
    }

    private static int hash(long pair) {
        long h = pair * 0x9E3779B97F4A7C15L;
        return (int) (h >>> 32);
    }
}
