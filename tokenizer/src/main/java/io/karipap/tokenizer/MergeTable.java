package io.karipap.tokenizer;

import java.util.Arrays;

/**
 * The merges of a BPE model: a pair of token ids to the rank of its merge and the id it makes. Open addressing, no boxing; at most three
 * fifths of the slots are taken.
 */
final class MergeTable {
    /** What {@link #find} returns where there is no merge; greater than every merge. */
    static final long NONE = Long.MAX_VALUE;

    private static final long EMPTY = -1;

    private long[] keys;
    private long[] values;
    private int size;

    MergeTable(int expected) {
        int capacity = 16;
        while (full(expected, capacity)) {
            capacity *= 2;
        }
        keys = new long[capacity];
        values = new long[capacity];
        Arrays.fill(keys, EMPTY);
    }

    /** Adds a merge; of two merges of the same pair the one of lower rank stays. */
    void put(int left, int right, int rank, int merged) {
        if (full(size + 1, keys.length)) {
            grow();
        }
        long key = key(left, right);
        int slot = slot(key);
        long value = (long) rank << 32 | merged;
        if (keys[slot] == EMPTY) {
            size++;
            keys[slot] = key;
            values[slot] = value;
        } else {
            values[slot] = Math.min(values[slot], value);
        }
    }

    /** {@code rank << 32 | merged id}, so that the smaller value is the earlier merge; {@link #NONE} if the pair never merges. */
    long find(int left, int right) {
        long key = key(left, right);
        int mask = keys.length - 1;
        int slot = hash(key) & mask;
        while (true) {
            long found = keys[slot];
            if (found == key) {
                return values[slot];
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

    private int slot(long key) {
        int mask = keys.length - 1;
        int slot = hash(key) & mask;
        while (keys[slot] != EMPTY && keys[slot] != key) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private void grow() {
        long[] oldKeys = keys;
        long[] oldValues = values;
        keys = new long[oldKeys.length * 2];
        values = new long[keys.length];
        Arrays.fill(keys, EMPTY);
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != EMPTY) {
                int slot = slot(oldKeys[i]);
                keys[slot] = oldKeys[i];
                values[slot] = oldValues[i];
            }
        }
    }

    private static boolean full(int merges, int slots) {
        return merges * 5L > slots * 3L;
    }

    private static long key(int left, int right) {
        return (long) left << 32 | right;
    }

    private static int hash(long key) {
        long h = key * 0x9E3779B97F4A7C15L;
        return (int) (h >>> 32);
    }
}
