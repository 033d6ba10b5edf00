package io.karipap.grammar;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The form of a text, as UTF-8. Immutable once all its rules are defined, and safe for any number of threads.
 *
 * @since 0.1
 */
public sealed interface Grammar
        permits OneByte, Concatenation, AnyOf, Repetition, Terminal, Counted, TokenId, Grammar.Rule {
    /** No text at all. */
    Grammar EMPTY = new Concatenation(List.of());

    /** As many times as one likes. */
    int UNBOUNDED = Integer.MAX_VALUE;

    /**
     * A form that may contain itself: declared first, defined later. Two rules are equal only if they are the same. A rule must not begin with
     * itself, unless nothing comes after it there.
     *
     * @since 0.1
     */
    final class Rule implements Grammar {
        private final String name;
        private Grammar definition;

        /** A form that is not defined yet. */
        public Rule() {
            this("");
        }

        /** @param name what errors call it */
        public Rule(String name) {
            this.name = name;
        }

        /** Says what it is; once. */
        public void define(Grammar grammar) {
            if (definition != null) {
                throw new IllegalStateException("the rule is defined already");
            }
            definition = grammar;
        }

        String name() {
            return name;
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

    /**
     * One token of the vocabulary, as one that no text stands for: a special token. A token that ends a text may stand at the end of a grammar.
     *
     * @throws IllegalArgumentException if the id is negative
     */
    static Grammar token(int id) {
        if (id < 0) {
            throw new IllegalArgumentException("the token is " + id + ", expected 0 or more");
        }
        return new TokenId(id);
    }

    /**
     * Any text, also none, in which none of the triggers occurs; it may end in the middle of one. {@code sequence(freeText("<call>"),
     * optional(sequence(text("<call>"), arguments)))} is free until the trigger and bound after it, whatever the tokens are that make the
     * trigger.
     *
     * @throws IllegalArgumentException if a trigger is empty
     */
    static Grammar freeText(String... triggers) {
        return new Terminal(FreeText.without(List.of(triggers)));
    }

    /**
     * The texts that match a regular expression wholly, as ECMAScript writes them with the flag u.
     *
     * @throws GrammarException if it is no regular expression, or has what cannot be honoured: assertions, back references
     */
    static Grammar regex(String pattern) {
        return Regex.whole(pattern);
    }

    /**
     * The texts of the rule {@code root} of a grammar in GBNF, as llama.cpp reads it.
     *
     * @throws GrammarException if it is no such grammar, or a rule begins with itself
     */
    static Grammar gbnf(String grammar) {
        return Gbnf.parse(grammar);
    }

    /**
     * JSON that is valid by a JSON Schema; see {@link JsonSchema}.
     *
     * @throws GrammarException if the schema is no JSON, is wrong, or asks for something that cannot be honoured
     */
    static Grammar json(String schema) {
        return JsonSchema.grammar(schema);
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
