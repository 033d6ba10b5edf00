package io.karipap.grammar;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Bounds the number of characters of what an automaton accepts, by counting in its states. */
final class DfaLengths {
    private DfaLengths() {}

    private record Place(int state, int within, int count) {}

    /**
     * What {@code dfa} accepts and has {@code min} to {@code max} characters.
     *
     * @param dfa texts of characters
     * @param character no character begins with another one
     * @throws TooLargeException if there are too many states
     */
    static Dfa bounded(Dfa dfa, Dfa character, int min, int max) {
        Set<ByteSet> sets = new LinkedHashSet<>();
        for (Dfa each : List.of(dfa, character)) {
            for (int state = 0; state < each.states(); state++) {
                Map<Integer, ByteSet> leads = new HashMap<>();
                for (int b = 0; b < 256; b++) {
                    leads.merge(each.next(state, b), ByteSet.range(b, b), ByteSet::with);
                }
                sets.addAll(leads.values());
            }
        }
        ByteClasses classes = ByteClasses.of(sets);
        DfaTable table = new DfaTable(classes.classes(), classes.count());
        if (dfa.isEmpty()) {
            return table.dfa();
        }
        Map<Place, Integer> numbers = new HashMap<>();
        List<int[]> rows = new ArrayList<>();
        Deque<Place> open = new ArrayDeque<>();
        Place start = new Place(0, 0, 0);
        numbers.put(start, 0);
        rows.add(table.add(dfa.accepting(0) && min == 0));
        open.add(start);
        while (!open.isEmpty()) {
            Place place = open.remove();
            int[] row = rows.get(numbers.get(place));
            for (int c = 0; c < classes.count(); c++) {
                int b = classes.representatives()[c];
                int state = dfa.next(place.state(), b);
                int within = character.next(place.within(), b);
                row[c] = Dfa.DEAD;
                if (state < 0 || within < 0 || place.within() == 0 && place.count() == max) {
                    continue;
                }
                boolean whole = character.accepting(within);
                int counted = max == Grammar.UNBOUNDED ? Math.min(min, place.count() + 1) : place.count() + 1;
                Place next = new Place(state, whole ? 0 : within, whole ? counted : place.count());
                Integer number = numbers.get(next);
                if (number == null) {
                    number = rows.size();
                    numbers.put(next, number);
                    rows.add(table.add(whole && next.count() >= min && dfa.accepting(state)));
                    open.add(next);
                }
                row[c] = number;
            }
        }
        return table.dfa();
    }
}
