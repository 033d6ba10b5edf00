package io.karipap.grammar;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Collects the ways of a {@link Config}; those that differ only in their stack become one. */
final class Ways {
    /** Most ways: where it is reached, a grammar is too ambiguous. */
    private static final int MAX_WAYS = 16_384;

    private static final Comparator<Map.Entry<Way, Stack>> ORDER = Comparator.comparing(
            Map.Entry::getKey,
            Comparator.comparingInt(Way::position).thenComparingInt(Way::state).thenComparingInt(Way::count));

    private record Way(int position, int state, int count) {}

    private final Automaton automaton;
    private final Stacks stacks;
    private final Map<Way, Stack> ways = new HashMap<>();
    private boolean complete;

    Ways(Automaton automaton, Stacks stacks) {
        this.automaton = automaton;
        this.stacks = stacks;
    }

    void add(int position, int state, int count, Stack stack) {
        ways.merge(new Way(position, state, count), stack, stacks::union);
        if (ways.size() > MAX_WAYS) {
            throw new TooLargeException("is too ambiguous here: there are more than " + MAX_WAYS + " ways to go on");
        }
    }

    void complete() {
        complete = true;
    }

    Config config() {
        List<Map.Entry<Way, Stack>> sorted = new ArrayList<>(ways.entrySet());
        if (sorted.size() > 1) {
            sorted.sort(ORDER);
        }
        int size = sorted.size();
        int[] positions = new int[size];
        int[] states = new int[size];
        int[] counts = new int[size];
        Stack[] below = new Stack[size];
        ByteSet first = ByteSet.NONE;
        for (int i = 0; i < size; i++) {
            Way way = sorted.get(i).getKey();
            positions[i] = way.position();
            states[i] = way.state();
            counts[i] = way.count();
            below[i] = sorted.get(i).getValue();
            if (automaton.kind()[way.position()] == Automaton.Kind.TERMINAL) {
                first = first.with(CountedStep.first(
                        automaton.dfa(way.position()), automaton.counted(way.position()), way.state(), way.count()));
            }
        }
        return new Config(positions, states, counts, below, complete, first);
    }
}
