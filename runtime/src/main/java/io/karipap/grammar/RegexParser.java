package io.karipap.grammar;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads regular expressions as ECMAScript writes them with the flag u: what decides whether a text matches. Groups capture nothing, and a lazy
 * quantifier matches what a greedy one does.
 */
final class RegexParser {
    private static final int MAX_DEPTH = 200;
    private static final int MAX_REPETITIONS = 100_000;

    private final String pattern;
    private int at;
    private int depth;

    RegexParser(String pattern) {
        this.pattern = pattern;
    }

    /** @throws GrammarException if it is no regular expression, or has what cannot be honoured */
    RegexNode parse() {
        RegexNode node = options();
        if (at < pattern.length()) {
            throw wrong("has ) without (");
        }
        return node;
    }

    static GrammarException wrong(String pattern, String message) {
        return GrammarException.of("the regular expression " + pattern, message);
    }

    GrammarException wrong(String message) {
        return wrong(pattern, message + " at character " + at);
    }

    private RegexNode options() {
        if (++depth > MAX_DEPTH) {
            throw wrong("has groups more than " + MAX_DEPTH + " deep");
        }
        List<RegexNode> options = new ArrayList<>();
        do {
            options.add(sequence());
        } while (skip("|"));
        depth--;
        return options.size() == 1 ? options.getFirst() : new RegexNode.Options(options);
    }

    private RegexNode sequence() {
        List<RegexNode> parts = new ArrayList<>();
        while (at < pattern.length() && "|)".indexOf(pattern.charAt(at)) < 0) {
            parts.add(quantified(atom()));
        }
        return parts.size() == 1 ? parts.getFirst() : new RegexNode.Sequence(parts);
    }

    private RegexNode atom() {
        if (skip("(")) {
            if (skip("?:") || skip("?<") && named() || !lookingAt("?")) {
                RegexNode inner = options();
                if (!skip(")")) {
                    throw wrong("has ( without )");
                }
                return inner;
            }
            throw wrong("looks ahead or behind or sets flags with (?, which is not supported");
        }
        if (skip("^")) {
            return new RegexNode.Anchor(false);
        }
        if (skip("$")) {
            return new RegexNode.Anchor(true);
        }
        if (skip(".")) {
            return new RegexNode.Characters(CharacterEscapes.LINE_ENDS.complement());
        }
        if (lookingAt("*") || lookingAt("+") || lookingAt("?")) {
            throw wrong("has nothing to repeat");
        }
        CharacterEscapes characters = new CharacterEscapes(pattern, at);
        CodePoints set = lookingAt("[") ? characters.bracket() : characters.single();
        at = characters.end();
        if (set.isEmpty()) {
            throw wrong("has a class without characters");
        }
        return new RegexNode.Characters(set);
    }

    /** The rest of a group's name, as in {@code (?<name>}; assertions begin alike. */
    private boolean named() {
        int close = pattern.indexOf('>', at);
        if (lookingAt("=") || lookingAt("!") || close < 0) {
            throw wrong("looks behind with (?<, which is not supported");
        }
        at = close + 1;
        return true;
    }

    private RegexNode quantified(RegexNode atom) {
        int min;
        int max;
        int begin = at;
        if (skip("*")) {
            min = 0;
            max = Grammar.UNBOUNDED;
        } else if (skip("+")) {
            min = 1;
            max = Grammar.UNBOUNDED;
        } else if (skip("?")) {
            min = 0;
            max = 1;
        } else if (skip("{")) {
            min = number();
            max = min;
            if (skip(",")) {
                max = lookingAt("}") ? Grammar.UNBOUNDED : number();
            }
            if (!skip("}")) {
                throw wrong("has { without }");
            }
        } else {
            return atom;
        }
        skip("?"); // lazy
        if (max < min || atom instanceof RegexNode.Anchor) {
            at = begin;
            throw wrong("has a repetition of " + (max < min ? min + " to " + max : "an anchor"));
        }
        if (lookingAt("*") || lookingAt("+") || lookingAt("?") || lookingAt("{")) {
            throw wrong("repeats a repetition");
        }
        return new RegexNode.Repeat(atom, min, max);
    }

    private int number() {
        int begin = at;
        while (at < pattern.length() && Character.digit(pattern.charAt(at), 10) >= 0 && at - begin < 7) {
            at++;
        }
        if (at == begin || Integer.parseInt(pattern.substring(begin, at)) > MAX_REPETITIONS) {
            throw wrong(
                    "has {, expected a number of at most " + MAX_REPETITIONS + " behind it (a brace itself is \\{)");
        }
        return Integer.parseInt(pattern.substring(begin, at));
    }

    private boolean lookingAt(String text) {
        return pattern.startsWith(text, at);
    }

    private boolean skip(String text) {
        boolean there = lookingAt(text);
        at += there ? text.length() : 0;
        return there;
    }
}
