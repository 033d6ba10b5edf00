package io.karipap.grammar;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the rules of a grammar in GBNF. */
final class GbnfParser {
    private static final int MAX_DEPTH = 200;
    private static final int MAX_REPETITIONS = 100_000;
    private static final String NOT_HERE = ", expected a text, a class, a rule or a group";

    private final String text;
    private int at;
    private int depth;
    private final Map<String, Integer> references = new LinkedHashMap<>();

    GbnfParser(String text) {
        this.text = text;
    }

    /**
     * All rules by name; the last of one name counts.
     *
     * @throws GrammarException if the grammar is wrong; the message names the line
     */
    Map<String, GbnfNode> rules() {
        Map<String, GbnfNode> rules = new LinkedHashMap<>();
        space(true);
        while (at < text.length()) {
            String name = name();
            if (name.isEmpty()) {
                throw wrong("has " + shown() + ", expected the name of a rule");
            }
            space(false);
            if (!skip("::=")) {
                throw wrong("has " + shown() + " after " + name + ", expected ::=");
            }
            space(true);
            rules.put(name, options(false));
            if (at < text.length() && text.charAt(at) != '\n' && text.charAt(at) != '\r') {
                throw wrong("has " + shown() + ", expected the end of the rule");
            }
            space(true);
        }
        references.forEach((name, place) -> {
            if (!rules.containsKey(name)) {
                at = place;
                throw wrong("uses the rule " + name + ", which is not there");
            }
        });
        return rules;
    }

    private GrammarException wrong(String message) {
        long line = text.substring(0, Math.min(at, text.length()))
                        .chars()
                        .filter(c -> c == '\n')
                        .count()
                + 1;
        return GrammarException.of("the grammar, line " + line + ",", message);
    }

    private String shown() {
        if (at >= text.length()) {
            return "its end";
        }
        int c = text.codePointAt(at);
        return c == '\n' ? "the end of the line" : Character.toString(c);
    }

    private GbnfNode options(boolean nested) {
        if (++depth > MAX_DEPTH) {
            throw wrong("has groups more than " + MAX_DEPTH + " deep");
        }
        List<GbnfNode> options = new ArrayList<>();
        do {
            if (!options.isEmpty()) {
                space(true);
            }
            options.add(sequence(nested));
        } while (skip("|"));
        depth--;
        return options.size() == 1 ? options.getFirst() : new GbnfNode.Options(options);
    }

    private GbnfNode sequence(boolean nested) {
        List<GbnfNode> parts = new ArrayList<>();
        while (true) {
            GbnfNode atom = atom(nested);
            if (atom == null) {
                return parts.size() == 1 ? parts.getFirst() : new GbnfNode.Sequence(parts);
            }
            space(nested);
            while (true) {
                GbnfNode repeated = repeated(atom, nested);
                if (repeated == atom) {
                    break;
                }
                atom = repeated;
            }
            parts.add(atom);
        }
    }

    /** A text, class, rule, group or token; null if there is none. */
    private GbnfNode atom(boolean nested) {
        if (skip("\"")) {
            StringBuilder literal = new StringBuilder();
            while (!skip("\"")) {
                literal.appendCodePoint(character());
            }
            return new GbnfNode.Text(literal.toString());
        }
        if (skip("[")) {
            return new GbnfNode.Characters(bracket());
        }
        if (skip(".")) {
            return new GbnfNode.Characters(CodePoints.ALL);
        }
        if (skip("(")) {
            space(true);
            GbnfNode inner = options(true);
            if (!skip(")")) {
                throw wrong("has " + shown() + ", expected )");
            }
            return inner;
        }
        if (skip("<[")) {
            int id = number();
            if (!skip("]>")) {
                throw wrong("has " + shown() + " in a token, expected ]>");
            }
            return new GbnfNode.TokenNumber(id);
        }
        if (lookingAt("<") || lookingAt("!")) {
            throw wrong("has a token by its text or any but a token, which is not supported; a token is <[id]>");
        }
        if (lookingAt("*") || lookingAt("+") || lookingAt("?") || lookingAt("{")) {
            throw wrong("has " + shown() + NOT_HERE);
        }
        int begin = at;
        String name = name();
        if (name.isEmpty()) {
            return null;
        }
        references.putIfAbsent(name, begin);
        return new GbnfNode.Reference(name);
    }

    private GbnfNode repeated(GbnfNode atom, boolean nested) {
        int min = 0;
        int max = Grammar.UNBOUNDED;
        if (skip("?")) {
            max = 1;
        } else if (skip("+")) {
            min = 1;
        } else if (skip("{")) {
            space(nested);
            min = number();
            max = min;
            space(nested);
            if (skip(",")) {
                space(nested);
                max = lookingAt("}") ? Grammar.UNBOUNDED : number();
                space(nested);
            }
            if (!skip("}") || max < min) {
                throw wrong("has a repetition that is wrong, expected {m}, {m,} or {m,n}");
            }
        } else if (!skip("*")) {
            return atom;
        }
        space(nested);
        return new GbnfNode.Repeat(atom, min, max);
    }

    private CodePoints bracket() {
        boolean negated = skip("^");
        List<CodePoints.Range> ranges = new ArrayList<>();
        while (!skip("]")) {
            int from = character();
            int to = from;
            if (lookingAt("-") && !lookingAt("-]")) {
                at++;
                to = character();
            }
            if (to < from) {
                throw wrong("has a range from " + Character.toString(from) + " to " + Character.toString(to));
            }
            ranges.add(new CodePoints.Range(from, to));
        }
        CodePoints set = CodePoints.union(ranges);
        return negated ? set.complement() : set;
    }

    private int character() {
        if (at >= text.length()) {
            throw wrong("ends in the middle of a text or a class");
        }
        int c = text.codePointAt(at);
        at += Character.charCount(c);
        if (c != '\\') {
            return c;
        }
        if (at >= text.length()) {
            throw wrong("ends in the middle of an escape");
        }
        char escape = text.charAt(at++);
        return switch (escape) {
            case 'x' -> hex(2);
            case 'u' -> hex(4);
            case 'U' -> hex(8);
            case 't' -> '\t';
            case 'r' -> '\r';
            case 'n' -> '\n';
            case '\\', '"', '[', ']' -> escape;
            default -> throw wrong("has the unknown escape \\" + escape);
        };
    }

    private int hex(int digits) {
        try {
            int value = Integer.parseInt(text.substring(at, Math.min(text.length(), at + digits)), 16);
            if (value < 0 || value > Character.MAX_CODE_POINT) {
                throw new NumberFormatException();
            }
            at += digits;
            return value;
        } catch (NumberFormatException e) {
            throw wrong("has an escape without " + digits + " hexadecimal digits of a character");
        }
    }

    private int number() {
        int begin = at;
        while (at < text.length() && at - begin < 7 && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        int value = at == begin ? Integer.MAX_VALUE : Integer.parseInt(text.substring(begin, at));
        if (value > (lookingAt("]") ? 9_999_999 : MAX_REPETITIONS)) {
            throw wrong("has " + shown() + ", expected a number of at most " + MAX_REPETITIONS);
        }
        return value;
    }

    private String name() {
        int begin = at;
        while (at < text.length()
                && (text.charAt(at) < 128 && Character.isLetterOrDigit(text.charAt(at))
                        || "-_".indexOf(text.charAt(at)) >= 0)) {
            at++;
        }
        return text.substring(begin, at);
    }

    /** Passes over spaces and comments, and where they mean nothing over ends of lines. */
    private void space(boolean lines) {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '#') {
                int end = text.indexOf('\n', at);
                at = end < 0 ? text.length() : end;
            } else if (c == ' ' || c == '\t' || lines && (c == '\r' || c == '\n')) {
                at++;
            } else {
                return;
            }
        }
    }

    private boolean lookingAt(String expected) {
        return text.startsWith(expected, at);
    }

    private boolean skip(String expected) {
        boolean there = lookingAt(expected);
        at += there ? expected.length() : 0;
        return there;
    }
}
