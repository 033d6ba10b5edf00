package io.karipap.model;

import java.util.Arrays;

/** The tokens of one forward step: any mix of sequences, of each any number of consecutive positions. */
public final class Batch {
    private int[] tokens = new int[16];
    private int[] positions = new int[16];
    private KvCache[] caches = new KvCache[16];
    private int[] logitsRow = new int[16];
    private int rows;
    private int logitsRows;

    /** Forgets all tokens. */
    public void clear() {
        Arrays.fill(caches, 0, rows, null);
        rows = 0;
        logitsRows = 0;
    }

    /**
     * Adds a token.
     *
     * @param position its position in its sequence; positions of a sequence are added in order
     * @param wantsLogits whether the logits after this token are needed
     * @return the row of those logits in the result of the step, or −1
     */
    public int add(int token, int position, KvCache cache, boolean wantsLogits) {
        if (rows == tokens.length) {
            tokens = Arrays.copyOf(tokens, rows * 2);
            positions = Arrays.copyOf(positions, rows * 2);
            caches = Arrays.copyOf(caches, rows * 2);
            logitsRow = Arrays.copyOf(logitsRow, rows * 2);
        }
        tokens[rows] = token;
        positions[rows] = position;
        caches[rows] = cache;
        logitsRow[rows] = wantsLogits ? logitsRows++ : -1;
        return logitsRow[rows++];
    }

    /** M. */
    public int rows() {
        return rows;
    }

    /** Rows whose logits are wanted. */
    public int logitsRows() {
        return logitsRows;
    }

    int token(int row) {
        return tokens[row];
    }

    int position(int row) {
        return positions[row];
    }

    KvCache cache(int row) {
        return caches[row];
    }

    /** Row of the logits of {@code row}, or −1. */
    int logitsRow(int row) {
        return logitsRow[row];
    }
}
