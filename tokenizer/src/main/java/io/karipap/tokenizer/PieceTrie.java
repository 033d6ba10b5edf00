package io.karipap.tokenizer;

import java.util.Arrays;

/** Pieces of a vocabulary by their UTF-16 code units, for walking along a text. Open addressing, no boxing. */
final class PieceTrie {
    static final int ROOT = 0;

    private long[] keys = new long[1 << 10];
    private int[] children = new int[keys.length];
    private int[] ids = new int[1 << 10];
    private int nodes = 1;

    PieceTrie() {
        Arrays.fill(ids, -1);
    }

    /** Adds a piece that is not empty; of two equal ones the later stays. */
    void put(CharSequence piece, int id) {
        int node = ROOT;
        for (int i = 0; i < piece.length(); i++) {
            node = childOrNew(node, piece.charAt(i));
        }
        ids[node] = id;
    }

    /** The node that {@code c} leads to from {@code node}, or −1. */
    int child(int node, char c) {
        long key = key(node, c);
        int mask = keys.length - 1;
        for (int slot = hash(key) & mask; keys[slot] != 0; slot = slot + 1 & mask) {
            if (keys[slot] == key) {
                return children[slot];
            }
        }
        return -1;
    }

    /** The token that ends at {@code node}, or −1. */
    int id(int node) {
        return ids[node];
    }

    private int childOrNew(int node, char c) {
        int known = child(node, c);
        if (known >= 0) {
            return known;
        }
        if (nodes * 2 > keys.length) {
            grow();
        }
        if (nodes == ids.length) {
            ids = Arrays.copyOf(ids, nodes * 2);
            Arrays.fill(ids, nodes, ids.length, -1);
        }
        insert(key(node, c), nodes);
        return nodes++;
    }

    private void grow() {
        long[] oldKeys = keys;
        int[] oldChildren = children;
        keys = new long[oldKeys.length * 2];
        children = new int[keys.length];
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != 0) {
                insert(oldKeys[i], oldChildren[i]);
            }
        }
    }

    private void insert(long key, int child) {
        int mask = keys.length - 1;
        int slot = hash(key) & mask;
        while (keys[slot] != 0) {
            slot = slot + 1 & mask;
        }
        keys[slot] = key;
        children[slot] = child;
    }

    /** Never 0, which marks an empty slot. */
    private static long key(int node, char c) {
        return ((long) node << 16 | c) + 1;
    }

    private static int hash(long key) {
        return (int) (key * 0x9E3779B97F4A7C15L >>> 32);
    }
}
