package io.karipap.grammar;

/** What the counter of a {@link Counted} terminal forbids and how it goes on; without a counter everything is as the automaton says. */
final class CountedStep {
    private CountedStep() {}

    /** Bytes that may come next. */
    static ByteSet first(Dfa dfa, Counted counted, int state, int count) {
        ByteSet first = dfa.first(state);
        if (counted == null || state != 0) {
            return first;
        }
        ByteSet closing = counted.closing();
        boolean more = count < counted.max();
        boolean enough = count >= counted.min();
        ByteSet elements = new ByteSet(
                first.first() & ~closing.first(),
                first.second() & ~closing.second(),
                first.third() & ~closing.third(),
                first.fourth() & ~closing.fourth());
        return (more ? elements : ByteSet.NONE).with(enough ? closing : ByteSet.NONE);
    }

    /** Whether a byte of state 0 is allowed. */
    static boolean allows(Counted counted, int count, int b) {
        return counted.closing().contains(b) ? count >= counted.min() : count < counted.max();
    }

    /** The counter after one more element; it stands still where nothing depends on it. */
    static int next(Counted counted, int count) {
        return counted.max() == Grammar.UNBOUNDED ? Math.min(count + 1, counted.min()) : count + 1;
    }

    /** Whether the terminal may end in {@code state}. */
    static boolean accepts(Dfa dfa, Counted counted, int state, int count) {
        return dfa.accepting(state) && (counted == null || state != 0 || count >= counted.min());
    }

    /** Whether the terminal may go on in {@code state}. */
    static boolean continues(Dfa dfa, Counted counted, int state, int count) {
        return !dfa.ends(state) && (counted == null || state != 0 || !counted.open() || count < counted.max());
    }
}
