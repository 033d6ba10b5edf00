package io.karipap.grammar;

import io.karipap.grammar.Automaton.Kind;
import java.util.List;

/**
 * What follows from the positions of a grammar.
 *
 * @param live positions from which the end of their rule can be reached
 * @param empty rules that may be no text
 * @param tail positions from which only the end of their rule is left, without any text
 * @param order of every rule its place in an order in which no rule comes before one that begins with it
 * @param together of every rule those that it may be from its beginning to its end, itself left out
 */
record AutomatonFacts(boolean[] live, boolean[] empty, boolean[] tail, int[] order, int[][] together) {
    /**
     * @param names of rules, for errors
     * @param what how errors begin
     * @throws GrammarException if no text can be made, or a rule begins with itself
     */
    static AutomatonFacts of(Automaton automaton, List<String> names, String what) {
        int positions = automaton.kind().length;
        boolean[] live = new boolean[positions];
        boolean[] none = new boolean[positions];
        boolean[] tail = new boolean[positions];
        boolean changed = true;
        while (changed) {
            changed = false;
            for (int i = 0; i < positions; i++) { // targets have smaller numbers, but for loops
                changed |= set(live, i, live(automaton, live, i));
                changed |= set(none, i, none(automaton, none, i));
            }
        }
        for (int i = 0; i < positions; i++) {
            tail[i] = automaton.kind()[i] == Kind.END
                    || automaton.kind()[i] == Kind.BRANCH
                            && automaton.branches()[i].length == 1
                            && tail[automaton.branches()[i][0]];
        }
        int rules = automaton.starts().length;
        boolean[] empty = new boolean[rules];
        for (int rule = 0; rule < rules; rule++) {
            empty[rule] = none[automaton.starts()[rule]];
        }
        if (!live[automaton.starts()[0]]) {
            throw GrammarException.of(what, "allows no text: what it needs is impossible or goes on without end");
        }
        LeftCalls calls = new LeftCalls(automaton, live, empty, tail, names, what);
        return new AutomatonFacts(live, empty, tail, calls.order(), calls.together());
    }

    private static boolean set(boolean[] values, int at, boolean value) {
        boolean changed = value && !values[at];
        values[at] |= value;
        return changed;
    }

    private static boolean live(Automaton automaton, boolean[] live, int position) {
        int target = automaton.target()[position];
        return switch (automaton.kind()[position]) {
            case END -> true;
            case BRANCH -> any(automaton.branches()[position], live);
            case TERMINAL -> live[target] && !automaton.dfa(position).isEmpty();
            case TOKEN -> live[target];
            case CALL -> live[target] && live[automaton.starts()[automaton.argument()[position]]];
            case LOOP ->
                live[target]
                        && (automaton.loops()[position][0] == 0
                                || live[automaton.starts()[automaton.argument()[position]]]);
        };
    }

    private static boolean none(Automaton automaton, boolean[] none, int position) {
        int target = automaton.target()[position];
        return switch (automaton.kind()[position]) {
            case END -> true;
            case BRANCH -> any(automaton.branches()[position], none);
            case TERMINAL -> none[target] && mayBeEmpty(automaton, position);
            case TOKEN -> false;
            case CALL -> none[target] && none[automaton.starts()[automaton.argument()[position]]];
            case LOOP ->
                none[target]
                        && (automaton.loops()[position][0] == 0
                                || none[automaton.starts()[automaton.argument()[position]]]);
        };
    }

    /** Whether the terminal at a position may be no text. */
    static boolean mayBeEmpty(Automaton automaton, int position) {
        Dfa dfa = automaton.dfa(position);
        Counted counted = automaton.counted(position);
        return !dfa.isEmpty() && dfa.accepting(0) && (counted == null || counted.min() == 0);
    }

    private static boolean any(int[] positions, boolean[] values) {
        for (int position : positions) {
            if (values[position]) {
                return true;
            }
        }
        return false;
    }
}
