package io.karipap.grammar;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The form of a text, as UTF-8. Immutable once all its rules are defined, and safe for any number of threads.
 *
 * @since 0.1
 */
public sealed interface Grammar {
    /** No text at all. */
    Grammar EMPTY = new Concatenation(List.of());

    /** One byte of a set. */
    record OneByte(ByteSet bytes) implements Grammar {}

    /** All parts, one after the other. */
    record Concatenation(List<Grammar> parts) implements Grammar {
        public Concatenation {
            parts = List.copyOf(parts);
        }
    }

    /** Any one of the options. */
    record Choice(List<Grammar> options) implements Grammar {
        public Choice {
            options = List.copyOf(options);
        }
    }

    /**
     * {@code min} to {@code max} times the element.
     *
     * @param max {@link #UNBOUNDED} for any number
     */
    record Repetition(Grammar element, int min, int max) implements Grammar {
        public static final int UNBOUNDED = Integer.MAX_VALUE;

        /** @throws IllegalArgumentException if min is negative or more than max */
        public Repetition {
            if (min < 0 || min > max) {
                throw new IllegalArgumentException("a repetition of " + min + ".." + max + " times");
            }
        }

        /** What is left to match after one element. */
        Repetition afterOne() {
            return new Repetition(element, Math.max(0, min - 1), max == UNBOUNDED ? UNBOUNDED : max - 1);
        }
    }

    /** A form that may contain itself: declared first, defined later. Two rules are equal only if they are the same. */
    final class Rule implements Grammar {
        private Grammar definition;

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

    static Grammar sequence(Grammar... parts) {
        return new Concatenation(List.of(parts));
    }

    static Grammar choice(Grammar... options) {
        return new Choice(List.of(options));
    }

    static Grammar optional(Grammar element) {
        return choice(element, EMPTY);
    }
}
