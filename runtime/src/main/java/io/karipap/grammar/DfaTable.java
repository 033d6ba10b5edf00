package io.karipap.grammar;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Collects the rows of an automaton, then leaves out states from which nothing is accepted. */
final class DfaTable {
    /** Most entries of a table: 512 KB. */
    private static final int MAX_ENTRIES = 1 << 18;

    private static final int MAX_STATES = 1 << 14;

    private final byte[] classes;
    private final int classCount;
    private final List<int[]> rows = new ArrayList<>();
    private final List<Boolean> accepting = new ArrayList<>();

    DfaTable(byte[] classes, int classCount) {
        this.classes = classes;
        this.classCount = classCount;
    }

    /** @throws TooLargeException if there are too many states */
    int[] add(boolean accepts) {
        if (rows.size() == MAX_STATES || (rows.size() + 1) * classCount > MAX_ENTRIES) {
            throw new TooLargeException("needs an automaton of more than " + rows.size() + " states");
        }
        int[] row = new int[classCount];
        rows.add(row);
        accepting.add(accepts);
        return row;
    }

    /** The automaton whose start is the state that was added first. */
    Dfa dfa() {
        boolean[] live = live();
        int[] number = new int[rows.size()];
        int count = 0;
        for (int i = 0; i < number.length; i++) {
            number[i] = live[i] ? count++ : Dfa.DEAD;
        }
        if (number.length == 0 || !live[0]) {
            return new Dfa(classes, classCount, new short[0], new boolean[0]);
        }
        short[] next = new short[count * classCount];
        boolean[] accepts = new boolean[count];
        for (int i = 0; i < number.length; i++) {
            if (live[i]) {
                accepts[number[i]] = accepting.get(i);
                int[] row = rows.get(i);
                for (int c = 0; c < classCount; c++) {
                    next[number[i] * classCount + c] = (short) (row[c] < 0 ? Dfa.DEAD : number[row[c]]);
                }
            }
        }
        return new Dfa(classes, classCount, next, accepts);
    }

    private boolean[] live() {
        int count = rows.size();
        int[] degree = new int[count + 1];
        for (int[] row : rows) {
            for (int to : row) {
                if (to >= 0) {
                    degree[to + 1]++;
                }
            }
        }
        for (int i = 0; i < count; i++) {
            degree[i + 1] += degree[i];
        }
        int[] from = new int[degree[count]];
        int[] at = Arrays.copyOf(degree, count);
        for (int i = 0; i < count; i++) {
            for (int to : rows.get(i)) {
                if (to >= 0) {
                    from[at[to]++] = i;
                }
            }
        }
        boolean[] live = new boolean[count];
        int[] stack = new int[count];
        int size = 0;
        for (int i = 0; i < count; i++) {
            if (accepting.get(i)) {
                live[i] = true;
                stack[size++] = i;
            }
        }
        while (size > 0) {
            int state = stack[--size];
            for (int i = degree[state]; i < degree[state + 1]; i++) {
                if (!live[from[i]]) {
                    live[from[i]] = true;
                    stack[size++] = from[i];
                }
            }
        }
        return live;
    }
}
