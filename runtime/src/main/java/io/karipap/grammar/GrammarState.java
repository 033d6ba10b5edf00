package io.karipap.grammar;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;

/** Where a text is in its grammar: all ways in which it may go on. */
final class GrammarState {
    private final Set<Continuation> continuations;
    private final boolean complete;
    private final GrammarState[] next = new GrammarState[256];
    private final boolean[] known = new boolean[256];

    private GrammarState(Set<Continuation> continuations, boolean complete) {
        this.continuations = continuations;
        this.complete = complete;
    }

    static GrammarState start(Grammar grammar) {
        Expansion expansion = new Expansion();
        expansion.expand(new Continuation(grammar, null));
        return expansion.state();
    }

    /** Whether the text may end here. */
    boolean complete() {
        return complete;
    }

    /** Whether the text must end here. */
    boolean finished() {
        return continuations.isEmpty();
    }

    /** The state after one more byte, or null if the grammar does not allow it. */
    GrammarState next(int b) {
        if (!known[b]) {
            known[b] = true;
            Expansion expansion = new Expansion();
            for (Continuation continuation : continuations) {
                if (((OneByte) continuation.head()).bytes().contains(b)) {
                    expansion.expand(continuation.rest());
                }
            }
            GrammarState found = expansion.state();
            next[b] = found.continuations.isEmpty() && !found.complete ? null : same(found);
        }
        return next[b];
    }

    /** This state itself where nothing changes, as inside a string: what is known of it stays known. */
    private GrammarState same(GrammarState other) {
        return other.complete == complete && other.continuations.equals(continuations) ? this : other;
    }

    /** Finds the bytes that may come first. */
    private static final class Expansion {
        private final Set<Continuation> seen = new HashSet<>();
        private final Set<Continuation> bytes = new LinkedHashSet<>();
        private boolean complete;

        void expand(Continuation continuation) {
            if (continuation == null) {
                complete = true;
                return;
            }
            if (!seen.add(continuation)) {
                return;
            }
            Continuation rest = continuation.rest();
            switch (continuation.head()) {
                case OneByte one -> bytes.add(continuation);
                case Concatenation all -> {
                    Continuation first = rest;
                    for (int i = all.parts().size() - 1; i >= 0; i--) {
                        first = new Continuation(all.parts().get(i), first);
                    }
                    expand(first);
                }
                case AnyOf any -> any.options().forEach(each -> expand(new Continuation(each, rest)));
                case Repetition repetition -> {
                    if (repetition.max() > 0) {
                        expand(new Continuation(repetition.element(), new Continuation(repetition.afterOne(), rest)));
                    }
                    if (repetition.min() == 0) {
                        expand(rest);
                    }
                }
                case Grammar.Rule rule -> expand(new Continuation(rule.definition(), rest));
            }
        }

        GrammarState state() {
            return new GrammarState(bytes, complete);
        }
    }
}
