package io.karipap.grammar;

import java.util.List;

/**
 * A grammar as a pushdown automaton: positions of rules and what leads from one to the next. Immutable.
 *
 * @param kind of every position what it is
 * @param target of every position where it leads, or -1
 * @param branches where a {@link Kind#BRANCH} may lead
 * @param argument the number of a terminal or rule, or the id of a token
 * @param loops minimum and maximum of a {@link Kind#LOOP}
 * @param terminals {@link Terminal}s and {@link Counted}s
 * @param starts of every rule its first position; rule 0 is the whole grammar
 * @param facts what follows from all that
 */
record Automaton(
        Kind[] kind,
        int[] target,
        int[][] branches,
        int[] argument,
        int[][] loops,
        List<Grammar> terminals,
        int[] starts,
        AutomatonFacts facts) {
    /** What stands at a position. */
    enum Kind {
        /** Nothing; goes on at any of several positions. */
        BRANCH,
        /** A text that an automaton accepts. */
        TERMINAL,
        /** A token. */
        TOKEN,
        /** A rule. */
        CALL,
        /** A rule, a number of times; the counter is kept where the rule returns to. */
        LOOP,
        /** The end of a rule. */
        END
    }

    /**
     * Compiles a grammar.
     *
     * @throws GrammarException if it allows no text, a rule begins with itself, or it is too large
     */
    static Automaton of(Grammar grammar) {
        return of(grammar, "the grammar");
    }

    /** As {@link #of(Grammar)}; {@code what} is how errors begin. */
    static Automaton of(Grammar grammar, String what) {
        return new AutomatonBuilder(what).build(grammar);
    }

    Dfa dfa(int position) {
        return terminals.get(argument[position]) instanceof Counted counted
                ? counted.dfa()
                : ((Terminal) terminals.get(argument[position])).dfa();
    }

    /** The counter of the terminal at a position, or null. */
    Counted counted(int position) {
        return terminals.get(argument[position]) instanceof Counted counted ? counted : null;
    }
}
