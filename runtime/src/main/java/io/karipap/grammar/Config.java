package io.karipap.grammar;

import java.util.Arrays;

/**
 * Where a text is in its grammar: all ways in which it may go on. Made by {@link Machine}, which makes no two that are alike.
 *
 * <p>Every way is a position (a terminal or a token), the state of the terminal's automaton, its counter, and a stack.
 */
final class Config {
    private static final int FEW = 8;

    private final int[] positions;
    private final int[] states;
    private final int[] counts;
    private final Stack[] stacks;
    private final boolean complete;
    private final ByteSet first;
    private final int hash;

    private byte[] nextBytes = new byte[2];
    private Config[] nextConfigs = new Config[2];
    private int nextCount;
    private Mask mask;

    Config(int[] positions, int[] states, int[] counts, Stack[] stacks, boolean complete, ByteSet first) {
        this.positions = positions;
        this.states = states;
        this.counts = counts;
        this.stacks = stacks;
        this.complete = complete;
        this.first = first;
        int code = complete ? 1 : 0;
        for (int i = 0; i < positions.length; i++) {
            code = (((code * 31 + positions[i]) * 31 + states[i]) * 31 + counts[i]) * 31 + stacks[i].id();
        }
        this.hash = code * 0x9E3779B9;
    }

    int size() {
        return positions.length;
    }

    int position(int way) {
        return positions[way];
    }

    int state(int way) {
        return states[way];
    }

    int count(int way) {
        return counts[way];
    }

    Stack stack(int way) {
        return stacks[way];
    }

    /** Whether the text may end here. */
    boolean complete() {
        return complete;
    }

    /** Bytes that may come next. */
    ByteSet first() {
        return first;
    }

    /** What {@link #remember} has been told, or null. */
    Config next(int b) {
        if (nextConfigs.length == 256) {
            return nextConfigs[b];
        }
        for (int i = 0; i < nextCount; i++) {
            if (nextBytes[i] == (byte) b) {
                return nextConfigs[i];
            }
        }
        return null;
    }

    void remember(int b, Config next) {
        if (nextConfigs.length == 256) {
            nextConfigs[b] = next;
            return;
        }
        if (nextCount == FEW) {
            Config[] all = new Config[256];
            for (int i = 0; i < nextCount; i++) {
                all[nextBytes[i] & 0xff] = nextConfigs[i];
            }
            nextConfigs = all;
            all[b] = next;
            return;
        }
        if (nextCount == nextBytes.length) {
            nextBytes = Arrays.copyOf(nextBytes, nextCount * 2);
            nextConfigs = Arrays.copyOf(nextConfigs, nextCount * 2);
        }
        nextBytes[nextCount] = (byte) b;
        nextConfigs[nextCount++] = next;
    }

    /** Tokens that may come next, if they have been found already, or null. */
    Mask mask() {
        return mask;
    }

    void setMask(Mask found) {
        mask = found;
    }

    @Override
    public boolean equals(Object other) {
        return this == other
                || other instanceof Config config
                        && hash == config.hash
                        && complete == config.complete
                        && Arrays.equals(positions, config.positions)
                        && Arrays.equals(states, config.states)
                        && Arrays.equals(counts, config.counts)
                        && sameStacks(config.stacks);
    }

    private boolean sameStacks(Stack[] others) {
        for (int i = 0; i < stacks.length; i++) {
            if (stacks[i] != others[i]) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        return hash;
    }
}
