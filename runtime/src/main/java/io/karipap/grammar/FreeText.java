package io.karipap.grammar;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/** Texts in which certain strings do not occur (the automaton of Aho and Corasick without the states in which one has been found). */
final class FreeText {
    private FreeText() {}

    static Dfa without(List<String> triggers) {
        List<int[]> children = new ArrayList<>(); // of every state the states after a byte
        List<Boolean> found = new ArrayList<>();
        add(children, found);
        for (String trigger : triggers) {
            if (trigger.isEmpty()) {
                throw new IllegalArgumentException("a trigger is empty, expected a text");
            }
            int state = 0;
            for (byte each : trigger.getBytes(StandardCharsets.UTF_8)) {
                int b = each & 0xff;
                if (children.get(state)[b] < 0) {
                    children.get(state)[b] = add(children, found);
                }
                state = children.get(state)[b];
            }
            found.set(state, true);
        }
        complete(children, found);
        List<ByteSet> sets = new ArrayList<>();
        for (String trigger : triggers) {
            for (byte each : trigger.getBytes(StandardCharsets.UTF_8)) {
                sets.add(ByteSet.range(each & 0xff, each & 0xff));
            }
        }
        ByteClasses classes = ByteClasses.of(sets);
        DfaTable table = new DfaTable(classes.classes(), classes.count());
        for (int state = 0; state < children.size(); state++) {
            int[] row = table.add(!found.get(state));
            for (int c = 0; c < row.length; c++) {
                int next = children.get(state)[classes.representatives()[c]];
                row[c] = found.get(state) || found.get(next) ? Dfa.DEAD : next;
            }
        }
        return table.dfa();
    }

    private static int add(List<int[]> children, List<Boolean> found) {
        int[] none = new int[256];
        Arrays.fill(none, -1);
        children.add(none);
        found.add(false);
        return children.size() - 1;
    }

    /** Where no trigger goes on, the longest end of the text that begins a trigger does. */
    private static void complete(List<int[]> children, List<Boolean> found) {
        int[] shorter = new int[children.size()];
        Deque<Integer> open = new ArrayDeque<>();
        open.add(0);
        while (!open.isEmpty()) {
            int state = open.remove();
            found.set(state, found.get(state) || found.get(shorter[state]));
            int[] row = children.get(state);
            for (int b = 0; b < 256; b++) {
                int fallback = state == 0 ? 0 : children.get(shorter[state])[b];
                if (row[b] < 0) {
                    row[b] = fallback;
                } else {
                    shorter[row[b]] = fallback;
                    open.add(row[b]);
                }
            }
        }
    }
}
