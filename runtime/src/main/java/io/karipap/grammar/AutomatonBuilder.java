package io.karipap.grammar;

import io.karipap.grammar.Automaton.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** Numbers the positions of a grammar, from the end of every rule to its beginning. */
final class AutomatonBuilder {
    private static final int MAX_POSITIONS = 200_000;

    /** Bytes of all automata of terminals together. */
    private static final int MAX_TERMINAL_BYTES = 16 << 20;

    private static final int[] NOWHERE = {};

    private final List<Kind> kinds = new ArrayList<>();
    private final List<Integer> targets = new ArrayList<>();
    private final List<int[]> branches = new ArrayList<>();
    private final List<Integer> arguments = new ArrayList<>();
    private final List<int[]> loops = new ArrayList<>();
    private final List<Grammar> terminals = new ArrayList<>();
    private final Map<Grammar, Integer> terminalNumbers = new java.util.HashMap<>();
    private final Map<Grammar, Integer> ruleNumbers = new IdentityHashMap<>();
    private final List<String> names = new ArrayList<>();
    private final Deque<Grammar> open = new ArrayDeque<>();
    private final FixedForms fixed = new FixedForms();
    private final Map<Key, Integer> added = new java.util.HashMap<>();
    private final String what;
    private int terminalBytes;

    /** A form, compared by identity, and where it leads. */
    private record Key(Grammar grammar, int end) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Key key && key.grammar == grammar && key.end == end;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(grammar) * 31 + end;
        }
    }

    /** @param what how errors begin */
    AutomatonBuilder(String what) {
        this.what = what;
    }

    Automaton build(Grammar grammar) {
        try {
            List<Integer> starts = new ArrayList<>();
            rule(grammar, grammar instanceof Grammar.Rule rule ? rule.name() : "");
            while (!open.isEmpty()) {
                Grammar next = open.remove();
                int end = position(Kind.END, -1, 0);
                starts.add(add(next instanceof Grammar.Rule named ? named.definition() : next, end));
            }
            Kind[] kind = kinds.toArray(Kind[]::new);
            int[] target = ints(targets);
            int[] argument = ints(arguments);
            int[][] branch = branches.toArray(int[][]::new);
            int[][] loop = loops.toArray(int[][]::new);
            int[] start = ints(starts);
            Automaton bare = new Automaton(kind, target, branch, argument, loop, List.copyOf(terminals), start, null);
            AutomatonFacts facts = AutomatonFacts.of(bare, names, what);
            return new Automaton(kind, target, branch, argument, loop, bare.terminals(), start, facts);
        } catch (TooLargeException e) {
            throw GrammarException.of(what, e.getMessage());
        }
    }

    private static int[] ints(List<Integer> list) {
        return list.stream().mapToInt(Integer::intValue).toArray();
    }

    private int rule(Grammar grammar, String name) {
        Integer known = ruleNumbers.get(grammar);
        if (known == null) {
            known = ruleNumbers.size();
            ruleNumbers.put(grammar, known);
            names.add(name);
            open.add(grammar);
        }
        return known;
    }

    private int position(Kind kind, int target, int argument) {
        if (kinds.size() == MAX_POSITIONS) {
            throw new TooLargeException("has more than " + MAX_POSITIONS + " parts");
        }
        kinds.add(kind);
        targets.add(target);
        arguments.add(argument);
        branches.add(NOWHERE);
        loops.add(NOWHERE);
        return kinds.size() - 1;
    }

    private int branch(int... to) {
        int position = position(Kind.BRANCH, -1, 0);
        branches.set(position, to);
        return position;
    }

    private int terminal(Grammar terminal, int target) {
        Integer number = terminalNumbers.get(terminal);
        if (number == null) {
            number = terminals.size();
            terminals.add(terminal);
            terminalNumbers.put(terminal, number);
            terminalBytes += (terminal instanceof Counted counted ? counted.dfa() : ((Terminal) terminal).dfa()).size();
            if (terminalBytes > MAX_TERMINAL_BYTES) {
                throw new TooLargeException("needs automata of more than " + (MAX_TERMINAL_BYTES >> 20) + " MB");
            }
        }
        return position(Kind.TERMINAL, target, number);
    }

    /** Positions that lead through {@code grammar} to {@code end}; returns the first. The same form before the same end is added once. */
    private int add(Grammar grammar, int end) {
        Key key = new Key(grammar, end);
        Integer known = added.get(key);
        if (known == null) {
            known = addNew(grammar, end);
            added.put(key, known);
        }
        return known;
    }

    private int addNew(Grammar grammar, int end) {
        if (fixed.parts(grammar) == 0) {
            return end;
        }
        if (fixed.parts(grammar) > 0) {
            return terminal(new Terminal(fixed.dfa(grammar)), end);
        }
        return switch (grammar) {
            case OneByte one -> terminal(new Terminal(Determinizer.dfa(one)), end);
            case Terminal terminal -> terminal(terminal, end);
            case Counted counted -> terminal(counted, end);
            case TokenId token -> position(Kind.TOKEN, end, token.id());
            case Grammar.Rule rule -> position(Kind.CALL, end, rule(rule, rule.name()));
            case Concatenation all -> sequence(all.parts(), end);
            case AnyOf any -> choice(any.options(), end);
            case Repetition repetition -> repeat(repetition, end);
        };
    }

    /** Neighbours of a few fixed texts become one terminal. */
    private int sequence(List<Grammar> parts, int end) {
        int next = end;
        int i = parts.size();
        while (i > 0) {
            int from = i;
            int size = 0;
            while (from > 0 && fixed.parts(parts.get(from - 1)) >= 0) {
                size += fixed.parts(parts.get(from - 1));
                if (size > FixedForms.MAX_PARTS) {
                    break;
                }
                from--;
            }
            if (from < i) {
                next = add(new Concatenation(parts.subList(from, i)), next);
                i = from;
            } else {
                next = add(parts.get(--i), next);
            }
        }
        return next;
    }

    /** Options of a few fixed texts become one terminal. */
    private int choice(List<Grammar> options, int end) {
        List<Integer> to = new ArrayList<>();
        List<Grammar> together = new ArrayList<>();
        int size = 0;
        for (Grammar option : options) {
            int parts = fixed.parts(option);
            if (parts > 0 && size + parts < FixedForms.MAX_PARTS) {
                together.add(option);
                size += parts;
            } else {
                to.add(add(option, end));
            }
        }
        if (!together.isEmpty()) {
            to.add(terminal(new Terminal(Determinizer.dfa(new AnyOf(together))), end));
        }
        return to.size() == 1 ? to.getFirst() : branch(ints(to));
    }

    private int repeat(Repetition repetition, int end) {
        Grammar element = repetition.element();
        int min = repetition.min();
        int max = repetition.max();
        if (max == 0) {
            return end;
        }
        if (max == 1) {
            return min == 1 ? add(element, end) : branch(add(element, end), end);
        }
        int parts = fixed.parts(element);
        if (parts == 0) {
            return end;
        }
        if (parts > 0 && max == Grammar.UNBOUNDED && (long) (min + 1) * parts <= FixedForms.MAX_PARTS) {
            return terminal(new Terminal(Determinizer.dfa(repetition)), end);
        }
        Dfa dfa = element instanceof Terminal terminal ? terminal.dfa() : parts > 0 ? fixed.dfa(element) : null;
        if (dfa != null
                && !dfa.isEmpty()
                && dfa.prefixFree()
                && !dfa.accepting(0)
                && (min > 1 || max < Grammar.UNBOUNDED)) {
            return terminal(Counted.of(dfa, "", min, max), end);
        }
        if (max == Grammar.UNBOUNDED && min <= 1) {
            int again = branch();
            int first = add(element, again);
            branches.set(again, new int[] {first, end});
            return min == 0 ? again : first;
        }
        int loop = position(Kind.LOOP, end, rule(element, ""));
        loops.set(loop, new int[] {min, max});
        return loop;
    }
}
