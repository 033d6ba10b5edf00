package io.karipap.grammar;

import java.util.IdentityHashMap;
import java.util.Map;

/** Tells forms of a few short texts, whose automaton is small, from others. */
final class FixedForms {
    /** Most bytes of such a form, written out. */
    static final int MAX_PARTS = 400;

    private final Map<Grammar, Integer> known = new IdentityHashMap<>();

    /** Bytes of the form, written out; -1 if it is no such form. */
    int parts(Grammar grammar) {
        Integer parts = known.get(grammar);
        if (parts == null) {
            parts = count(grammar);
            known.put(grammar, parts);
        }
        return parts;
    }

    Dfa dfa(Grammar grammar) {
        return Determinizer.dfa(grammar);
    }

    private int count(Grammar grammar) {
        return switch (grammar) {
            case OneByte one -> 1;
            case Concatenation all -> sum(all.parts());
            case AnyOf any -> any.options().isEmpty() ? -1 : sum(any.options());
            case Repetition repetition -> {
                int element = parts(repetition.element());
                long all = (long) element * repetition.max();
                yield repetition.max() == 0 ? 0 : element < 0 || all > MAX_PARTS ? -1 : (int) all;
            }
            default -> -1;
        };
    }

    private int sum(Iterable<Grammar> parts) {
        int sum = 0;
        for (Grammar part : parts) {
            int one = parts(part);
            if (one < 0 || sum + one > MAX_PARTS) {
                return -1;
            }
            sum += one;
        }
        return sum;
    }
}
