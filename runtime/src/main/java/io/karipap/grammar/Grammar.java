package io.karipap.grammar;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The form of a text, as UTF-8. Immutable once all its rules are defined, and safe for any number of threads.
 *
 * @since 0.1
 */
public sealed interface Grammar permits OneByte, Concatenation, AnyOf, Repetition, Grammar.Rule {
    /** No text at all. */
    Grammar EMPTY = new Concatenation(List.of());

    /** As many times as one likes. */
    int UNBOUNDED = Integer.MAX_VALUE;

    /**
     * A form that may contain itself: declared first, defined later. Two rules are equal only if they are the same.
     *
     * @since 0.1
     */
    final class Rule implements Grammar {
        private Grammar definition;

        /** A form that is not defined yet. */
        public Rule() {}

        /** Says what it is; once. */
        public void define(Grammar grammar) {
            if (definition != null) {
                throw new IllegalStateException("the rule is defined already");
            }
            definition = grammar;
        }

        Grammar definition() {
            if (definition == null) {
                throw new IllegalStateException("the rule is not defined");
            }
            return definition;
        }
    }

    /** Exactly this text. */
    static Grammar text(String text) {
        List<Grammar> bytes = new ArrayList<>();
        for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
            bytes.add(new OneByte(ByteSet.range(each & 0xff, each & 0xff)));
        }
        return bytes.size() == 1 ? bytes.getFirst() : new Concatenation(bytes);
    }

    /** One byte of {@code from} to {@code to}, inclusive. */
    static Grammar range(int from, int to) {
        return new OneByte(ByteSet.range(from, to));
    }

    /** All parts, one after the other. */
    static Grammar sequence(Grammar... parts) {
        return new Concatenation(List.of(parts));
    }

    /** Any one of the options. */
    static Grammar choice(Grammar... options) {
        return new AnyOf(List.of(options));
    }

    /**
     * {@code min} to {@code max} times the element.
     *
     * @param max {@link #UNBOUNDED} for any number
     * @throws IllegalArgumentException if min is negative or more than max
     */
    static Grammar repeat(Grammar element, int min, int max) {
        return new Repetition(element, min, max);
    }

    /** The element or nothing. */
    static Grammar optional(Grammar element) {
        return choice(element, EMPTY);
    }
}
