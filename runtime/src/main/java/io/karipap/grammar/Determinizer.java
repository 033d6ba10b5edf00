package io.karipap.grammar;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes an automaton of a form that has no rules: Thompson's construction, then sets of states (Rabin and Scott). Repetitions are written
 * out.
 */
final class Determinizer {
    private static final int MAX_STATES = 60_000;

    /** Sum of the sizes of all sets: what bounds the time. */
    private static final int MAX_WORK = 1_500_000;

    private final List<ByteSet> bytes = new ArrayList<>(); // of every state the bytes that lead on, or null
    private final List<int[]> to = new ArrayList<>(); // where they lead, or where one may go without a byte

    private Determinizer() {}

    /**
     * The automaton of {@code grammar}.
     *
     * @throws TooLargeException if it has too many states
     * @throws IllegalArgumentException if the form has rules or tokens
     */
    static Dfa dfa(Grammar grammar) {
        if (grammar instanceof Terminal terminal) {
            return terminal.dfa();
        }
        Determinizer determinizer = new Determinizer();
        int end = determinizer.state(null);
        int start = determinizer.add(grammar, end);
        return determinizer.subsets(start, end);
    }

    private int state(ByteSet set, int... targets) {
        if (bytes.size() == MAX_STATES) {
            throw new TooLargeException("has more than " + MAX_STATES + " parts when its repetitions are written out");
        }
        bytes.add(set);
        to.add(targets);
        return bytes.size() - 1;
    }

    /** Adds states that lead through {@code grammar} to {@code end}; returns the first. */
    private int add(Grammar grammar, int end) {
        return switch (grammar) {
            case OneByte one -> state(one.bytes(), end);
            case Concatenation all -> {
                int next = end;
                for (int i = all.parts().size() - 1; i >= 0; i--) {
                    next = add(all.parts().get(i), next);
                }
                yield next;
            }
            case AnyOf any ->
                state(
                        null,
                        any.options().stream().mapToInt(each -> add(each, end)).toArray());
            case Repetition repetition -> repeat(repetition, end);
            case Terminal terminal -> embed(terminal.dfa(), end);
            default -> throw new IllegalArgumentException("not a regular form: " + grammar.getClass());
        };
    }

    private int repeat(Repetition repetition, int end) {
        int next = end;
        if (repetition.max() == Grammar.UNBOUNDED) {
            int loop = state(null);
            to.set(loop, new int[] {add(repetition.element(), loop), end});
            next = loop;
        } else {
            for (int i = repetition.min(); i < repetition.max(); i++) {
                next = state(null, add(repetition.element(), next), end);
            }
        }
        for (int i = 0; i < repetition.min(); i++) {
            next = add(repetition.element(), next);
        }
        return next;
    }

    private int embed(Dfa dfa, int end) {
        int base = bytes.size();
        for (int i = 0; i < dfa.states(); i++) {
            state(null);
        }
        for (int i = 0; i < dfa.states(); i++) {
            Map<Integer, ByteSet> leads = new HashMap<>();
            for (int b = 0; b < 256; b++) {
                int next = dfa.next(i, b);
                if (next >= 0) {
                    leads.merge(next, ByteSet.range(b, b), ByteSet::with);
                }
            }
            List<Integer> targets = new ArrayList<>();
            leads.forEach((next, set) -> targets.add(state(set, base + next)));
            if (dfa.accepting(i)) {
                targets.add(end);
            }
            to.set(base + i, targets.stream().mapToInt(Integer::intValue).toArray());
        }
        return dfa.isEmpty() ? state(null) : base;
    }

    private record StateSet(int[] states) {
        @Override
        public boolean equals(Object other) {
            return other instanceof StateSet set && Arrays.equals(states, set.states);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(states);
        }
    }

    private Dfa subsets(int start, int end) {
        Set<ByteSet> sets = new LinkedHashSet<>();
        bytes.stream().filter(set -> set != null).forEach(sets::add);
        ByteClasses classes = ByteClasses.of(sets);
        DfaTable table = new DfaTable(classes.classes(), classes.count());
        Map<StateSet, Integer> numbers = new HashMap<>();
        List<int[]> rows = new ArrayList<>();
        Deque<StateSet> open = new ArrayDeque<>();
        boolean[] seen = new boolean[bytes.size()];
        StateSet first = closure(new int[] {start}, end, seen);
        numbers.put(first, 0);
        rows.add(table.add(contains(first, end)));
        open.add(first);
        int work = 0;
        while (!open.isEmpty()) {
            StateSet set = open.remove();
            int[] row = rows.get(numbers.get(set));
            for (int c = 0; c < classes.count(); c++) {
                int b = classes.representatives()[c];
                int[] reached = Arrays.stream(set.states())
                        .filter(state ->
                                bytes.get(state) != null && bytes.get(state).contains(b))
                        .map(state -> to.get(state)[0])
                        .toArray();
                work += set.states().length / 8 + reached.length + 1;
                if (work > MAX_WORK) {
                    throw new TooLargeException("takes too long to make an automaton of");
                }
                if (reached.length == 0) {
                    row[c] = Dfa.DEAD;
                    continue;
                }
                StateSet next = closure(reached, end, seen);
                Integer number = numbers.get(next);
                if (number == null) {
                    number = rows.size();
                    numbers.put(next, number);
                    rows.add(table.add(contains(next, end)));
                    open.add(next);
                }
                row[c] = number;
            }
        }
        return table.dfa();
    }

    private static boolean contains(StateSet set, int state) {
        return Arrays.binarySearch(set.states(), state) >= 0;
    }

    /** States with bytes, and the end, that can be reached without a byte; sorted. */
    private StateSet closure(int[] from, int end, boolean[] seen) {
        int[] visited = new int[16];
        int count = 0;
        int[] kept = new int[16];
        int size = 0;
        for (int state : from) {
            if (!seen[state]) {
                seen[state] = true;
                visited = grown(visited, count);
                visited[count++] = state;
            }
        }
        for (int i = 0; i < count; i++) {
            int state = visited[i];
            if (state == end || bytes.get(state) != null) {
                kept = grown(kept, size);
                kept[size++] = state;
                continue;
            }
            for (int next : to.get(state)) {
                if (!seen[next]) {
                    seen[next] = true;
                    visited = grown(visited, count);
                    visited[count++] = next;
                }
            }
        }
        for (int i = 0; i < count; i++) {
            seen[visited[i]] = false;
        }
        int[] states = Arrays.copyOf(kept, size);
        Arrays.sort(states);
        return new StateSet(states);
    }

    private static int[] grown(int[] array, int size) {
        return size < array.length ? array : Arrays.copyOf(array, size * 2);
    }
}
