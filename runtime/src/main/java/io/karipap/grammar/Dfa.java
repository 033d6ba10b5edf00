package io.karipap.grammar;

import java.util.Arrays;

/**
 * A deterministic automaton over bytes, from each of whose states an accepting one can be reached. State 0 is the start; an automaton without
 * states accepts nothing. Immutable; equal if states are numbered and go on alike.
 */
final class Dfa {
    static final int DEAD = -1;

    private final byte[] classes;
    private final int classCount;
    private final short[] next;
    private final boolean[] accepting;
    private final ByteSet[] first;
    private final int hash;

    /**
     * @param classes of every byte the class
     * @param next {@code [states, classCount]}, {@link #DEAD} where a byte cannot come
     * @param accepting {@code [states]}
     */
    Dfa(byte[] classes, int classCount, short[] next, boolean[] accepting) {
        this.classes = classes;
        this.classCount = classCount;
        this.next = next;
        this.accepting = accepting;
        this.first = new ByteSet[accepting.length];
        for (int state = 0; state < accepting.length; state++) {
            long[] words = new long[4];
            for (int b = 0; b < 256; b++) {
                if (next(state, b) >= 0) {
                    words[b >> 6] |= 1L << (b & 63);
                }
            }
            first[state] = new ByteSet(words[0], words[1], words[2], words[3]);
        }
        this.hash = (Arrays.hashCode(next) * 31 + Arrays.hashCode(classes)) * 31 + Arrays.hashCode(accepting);
    }

    int states() {
        return accepting.length;
    }

    /** The state after one more byte, or {@link #DEAD}. */
    int next(int state, int b) {
        return next[state * classCount + (classes[b] & 0xff)];
    }

    boolean accepting(int state) {
        return accepting[state];
    }

    /** Bytes that may come next. */
    ByteSet first(int state) {
        return first[state];
    }

    /** Whether nothing can come after {@code state}. */
    boolean ends(int state) {
        return first[state].isEmpty();
    }

    boolean isEmpty() {
        return accepting.length == 0;
    }

    /** Whether the automaton accepts all of {@code text}. */
    boolean matches(byte[] text) {
        int state = isEmpty() ? DEAD : 0;
        for (int i = 0; i < text.length && state >= 0; i++) {
            state = next(state, text[i] & 0xff);
        }
        return state >= 0 && accepting[state];
    }

    /** Whether no accepted text begins with another accepted one. */
    boolean prefixFree() {
        for (int state = 0; state < accepting.length; state++) {
            if (accepting[state] && !ends(state)) {
                return false;
            }
        }
        return true;
    }

    /** Bytes of memory. */
    int size() {
        return next.length * 2 + accepting.length * 49 + 400;
    }

    @Override
    public boolean equals(Object other) {
        return this == other
                || other instanceof Dfa dfa
                        && hash == dfa.hash
                        && classCount == dfa.classCount
                        && Arrays.equals(accepting, dfa.accepting)
                        && Arrays.equals(classes, dfa.classes)
                        && Arrays.equals(next, dfa.next);
    }

    @Override
    public int hashCode() {
        return hash;
    }
}
