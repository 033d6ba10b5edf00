package io.karipap.grammar;

/**
 * {@code min} to {@code max} elements and what closes them, with a counter beside the state of an automaton.
 *
 * @param dfa any number of elements, then what closes them; its start is where an element has just ended, and no element and no closing text
 *     begins with another one
 * @param closing bytes that begin the closing text; none if nothing closes the elements
 * @param max {@link Grammar#UNBOUNDED} for any number
 */
record Counted(Dfa dfa, ByteSet closing, int min, int max) implements Grammar {
    Counted {
        if (min < 0 || min > max) {
            throw new IllegalArgumentException("a repetition of " + min + ".." + max + " times");
        }
    }

    /** Whether the elements end without a closing text. */
    boolean open() {
        return closing.isEmpty();
    }

    /**
     * The same as a sequence of {@code element}s and {@code closing}.
     *
     * @param element no text of it begins with another one
     * @param closing begins with a byte that begins no element; empty for none
     */
    static Grammar of(Dfa element, String closing, int min, int max) {
        Grammar all = new Concatenation(
                java.util.List.of(new Repetition(new Terminal(element), 0, Grammar.UNBOUNDED), Grammar.text(closing)));
        byte[] close = closing.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        ByteSet first = close.length == 0 ? ByteSet.NONE : ByteSet.range(close[0] & 0xff, close[0] & 0xff);
        Dfa dfa = Determinizer.dfa(all);
        return min == 0 && max == Grammar.UNBOUNDED ? new Terminal(dfa) : new Counted(dfa, first, min, max);
    }
}
