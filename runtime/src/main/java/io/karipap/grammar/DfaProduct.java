package io.karipap.grammar;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What two automata accept together. */
final class DfaProduct {
    private DfaProduct() {}

    /** What both accept. */
    static Dfa intersection(Dfa a, Dfa b) {
        return product(a, b, false);
    }

    /** What {@code a} accepts and {@code b} does not. */
    static Dfa difference(Dfa a, Dfa b) {
        return product(a, b, true);
    }

    /** @throws TooLargeException if there are too many pairs of states */
    private static Dfa product(Dfa a, Dfa b, boolean difference) {
        Set<ByteSet> sets = new LinkedHashSet<>();
        for (Dfa dfa : List.of(a, b)) {
            for (int state = 0; state < dfa.states(); state++) {
                Map<Integer, ByteSet> leads = new HashMap<>();
                for (int each = 0; each < 256; each++) {
                    leads.merge(dfa.next(state, each), ByteSet.range(each, each), ByteSet::with);
                }
                sets.addAll(leads.values());
            }
        }
        ByteClasses classes = ByteClasses.of(sets);
        DfaTable table = new DfaTable(classes.classes(), classes.count());
        if (a.isEmpty() || b.isEmpty() && !difference) {
            return table.dfa();
        }
        record Pair(int a, int b) {}
        Map<Pair, Integer> numbers = new HashMap<>();
        List<int[]> rows = new ArrayList<>();
        Deque<Pair> open = new ArrayDeque<>();
        open.add(new Pair(0, b.isEmpty() ? Dfa.DEAD : 0));
        numbers.put(open.element(), 0);
        rows.add(table.add(accepts(a, 0, b, open.element().b(), difference)));
        while (!open.isEmpty()) {
            Pair pair = open.remove();
            int[] row = rows.get(numbers.get(pair));
            for (int c = 0; c < classes.count(); c++) {
                int each = classes.representatives()[c];
                int nextA = a.next(pair.a(), each);
                int nextB = pair.b() < 0 ? Dfa.DEAD : b.next(pair.b(), each);
                if (nextA < 0 || nextB < 0 && !difference) {
                    row[c] = Dfa.DEAD;
                    continue;
                }
                Pair next = new Pair(nextA, nextB);
                Integer number = numbers.get(next);
                if (number == null) {
                    number = rows.size();
                    numbers.put(next, number);
                    rows.add(table.add(accepts(a, nextA, b, nextB, difference)));
                    open.add(next);
                }
                row[c] = number;
            }
        }
        return table.dfa();
    }

    private static boolean accepts(Dfa a, int stateA, Dfa b, int stateB, boolean difference) {
        boolean second = stateB >= 0 && b.accepting(stateB);
        return a.accepting(stateA) && second != difference;
    }
}
