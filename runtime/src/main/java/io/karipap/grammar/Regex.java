package io.karipap.grammar;

import java.util.ArrayList;
import java.util.List;

/** Regular expressions as grammars. */
final class Regex {
    /** Most bytes of an expression, its repetitions written out, of which one automaton is made; larger ones stay in parts. */
    private static final int MAX_PARTS = 6_000;

    private Regex() {}

    /** Texts that match wholly; anchors at the ends of the expression change nothing. */
    static Grammar whole(String pattern) {
        RegexNode node = new RegexParser(pattern).parse();
        Grammar grammar = inParts(RegexAnchors.wholly(node, pattern), CharacterCoding.PLAIN);
        return written(grammar) <= MAX_PARTS ? oneAutomaton(grammar) : grammar;
    }

    /**
     * The contents of JSON strings that the pattern matches somewhere, as JSON Schema has it.
     *
     * @throws GrammarException if it is no regular expression, or has what cannot be honoured
     * @throws TooLargeException if its automaton has too many states
     */
    static Dfa contents(String pattern) {
        RegexNode node = new RegexParser(pattern).parse();
        return Determinizer.dfa(inParts(RegexAnchors.somewhere(node, pattern), CharacterCoding.JSON));
    }

    /** As {@link #contents}, in parts, where one automaton would have too many states. */
    static Grammar contentsInParts(String pattern) {
        RegexNode node = new RegexParser(pattern).parse();
        return inParts(RegexAnchors.somewhere(node, pattern), CharacterCoding.JSON);
    }

    /** The contents of JSON strings that the pattern matches wholly. */
    static Dfa wholeContents(String pattern) {
        return Determinizer.dfa(
                inParts(RegexAnchors.wholly(new RegexParser(pattern).parse(), pattern), CharacterCoding.JSON));
    }

    private static Grammar oneAutomaton(Grammar grammar) {
        try {
            return new Terminal(Determinizer.dfa(grammar));
        } catch (TooLargeException e) {
            return grammar; // its parts are smaller
        }
    }

    private static Grammar inParts(RegexNode node, CharacterCoding coding) {
        return switch (node) {
            case RegexNode.Characters characters -> coding.one(characters.set());
            case RegexNode.Sequence sequence -> {
                List<Grammar> parts = new ArrayList<>();
                sequence.parts().forEach(part -> parts.add(inParts(part, coding)));
                yield new Concatenation(parts);
            }
            case RegexNode.Options options -> {
                List<Grammar> each = new ArrayList<>();
                options.options().forEach(option -> each.add(inParts(option, coding)));
                yield new AnyOf(each);
            }
            case RegexNode.Repeat repeat ->
                new Repetition(inParts(repeat.element(), coding), repeat.min(), repeat.max());
            case RegexNode.Anchor anchor -> throw new IllegalStateException("an anchor is left");
        };
    }

    /** Bytes of a form without rules, its repetitions written out. */
    private static long written(Grammar grammar) {
        return switch (grammar) {
            case Concatenation all ->
                all.parts().stream().mapToLong(Regex::written).sum();
            case AnyOf any -> any.options().stream().mapToLong(Regex::written).sum();
            case Repetition repetition -> {
                long times = repetition.max() == Grammar.UNBOUNDED ? repetition.min() + 1L : repetition.max();
                yield Math.min(Integer.MAX_VALUE, written(repetition.element()) * times);
            }
            default -> 1;
        };
    }
}
