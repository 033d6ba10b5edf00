package io.karipap.grammar;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Characters, escapes and classes of a regular expression, from a place on. */
final class CharacterEscapes {
    static final CodePoints LINE_ENDS =
            CodePoints.of('\n').with(CodePoints.of('\r')).with(CodePoints.of(0x2028, 0x2029));

    private static final CodePoints DIGITS = CodePoints.of('0', '9');
    private static final CodePoints WORD =
            DIGITS.with(CodePoints.of('a', 'z')).with(CodePoints.of('A', 'Z')).with(CodePoints.of('_'));
    private static final CodePoints SPACES = CodePoints.of(9, 13)
            .with(CodePoints.of(' '))
            .with(CodePoints.of(0xa0))
            .with(CodePoints.of(0x1680))
            .with(CodePoints.of(0x2000, 0x200a))
            .with(CodePoints.of(0x2028, 0x2029))
            .with(CodePoints.of(0x202f))
            .with(CodePoints.of(0x205f))
            .with(CodePoints.of(0x3000))
            .with(CodePoints.of(0xfeff));

    private final String pattern;
    private int at;

    CharacterEscapes(String pattern, int at) {
        this.pattern = pattern;
        this.at = at;
    }

    /** Where what was read ends. */
    int end() {
        return at;
    }

    private GrammarException wrong(String message) {
        return RegexParser.wrong(pattern, message + " at character " + at);
    }

    /** A character or an escape. */
    CodePoints single() {
        int c = next();
        return c == '\\' ? escape(false) : CodePoints.of(c);
    }

    /** A class in brackets. */
    CodePoints bracket() {
        at++;
        boolean negated = skip('^');
        CodePoints all = new CodePoints(List.of());
        while (!skip(']')) {
            CodePoints from = member();
            if (pattern.startsWith("-", at) && !pattern.startsWith("-]", at)) {
                at++;
                CodePoints to = member();
                int first = one(from);
                int last = one(to);
                if (first > last) {
                    throw wrong("has a range from " + first + " to " + last);
                }
                from = CodePoints.of(first, last);
            }
            all = all.with(from);
        }
        return negated ? all.complement() : all;
    }

    private int one(CodePoints set) {
        if (set.ranges().size() != 1
                || set.ranges().getFirst().from() != set.ranges().getFirst().to()) {
            throw wrong("has a range of something else than characters");
        }
        return set.ranges().getFirst().from();
    }

    private CodePoints member() {
        int c = next();
        return c == '\\' ? escape(true) : CodePoints.of(c);
    }

    private CodePoints escape(boolean inClass) {
        int c = next();
        return switch (c) {
            case 'd' -> DIGITS;
            case 'D' -> DIGITS.complement();
            case 'w' -> WORD;
            case 'W' -> WORD.complement();
            case 's' -> SPACES;
            case 'S' -> SPACES.complement();
            case 't' -> CodePoints.of('\t');
            case 'n' -> CodePoints.of('\n');
            case 'v' -> CodePoints.of(11);
            case 'f' -> CodePoints.of('\f');
            case 'r' -> CodePoints.of('\r');
            case '0' -> CodePoints.of(0);
            case 'c' -> CodePoints.of(next() & 31);
            case 'x' -> CodePoints.of(hex(2));
            case 'u' -> CodePoints.of(unicode());
            case 'p' -> property();
            case 'P' -> property().complement();
            case 'b', 'B' -> {
                if (inClass && c == 'b') {
                    yield CodePoints.of('\b');
                }
                throw wrong("has \\" + (char) c + ", which is not supported");
            }
            default -> {
                if (c >= '1' && c <= '9' || c == 'k') {
                    throw wrong("refers to a group, which is not supported,");
                }
                if (Character.isLetter(c)) {
                    throw wrong("has the unknown escape \\" + Character.toString(c));
                }
                yield CodePoints.of(c);
            }
        };
    }

    private int unicode() {
        if (skip('{')) {
            int close = pattern.indexOf('}', at);
            if (close < 0 || close - at > 6 || close == at) {
                throw wrong("has \\u{ without a code point and }");
            }
            int c = hex(close - at);
            at++;
            if (c > Character.MAX_CODE_POINT) {
                throw wrong("has a code point of more than 10ffff");
            }
            return c;
        }
        int high = hex(4);
        if (Character.isHighSurrogate((char) high) && pattern.startsWith("\\u", at)) {
            at += 2;
            int low = hex(4);
            return Character.toCodePoint((char) high, (char) low);
        }
        return high;
    }

    private int hex(int digits) {
        try {
            int value = Integer.parseInt(pattern.substring(at, Math.min(pattern.length(), at + digits)), 16);
            at += digits;
            return value;
        } catch (NumberFormatException e) {
            throw wrong("has an escape without " + digits + " hexadecimal digits");
        }
    }

    /** A property of Unicode, as {@code \p{L}} or {@code \p{Script=Greek}}. */
    private CodePoints property() {
        int close = pattern.indexOf('}', at);
        if (!skip('{') || close < 0) {
            throw wrong("has \\p without {name}");
        }
        String name = pattern.substring(at, close);
        at = close + 1;
        Pattern test;
        try {
            test = Pattern.compile("\\p{" + name.replace("Script=", "script=") + "}");
        } catch (PatternSyntaxException e) {
            throw wrong("has the unknown property " + name);
        }
        List<CodePoints.Range> ranges = new ArrayList<>();
        int from = -1;
        for (int c = 0; c <= Character.MAX_CODE_POINT + 1; c++) {
            boolean in = c <= Character.MAX_CODE_POINT
                    && !(c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)
                    && test.matcher(Character.toString(c)).matches();
            if (in && from < 0) {
                from = c;
            } else if (!in && from >= 0) {
                ranges.add(new CodePoints.Range(from, c - 1));
                from = -1;
            }
        }
        return CodePoints.union(ranges);
    }

    private int next() {
        if (at >= pattern.length()) {
            throw wrong("ends in the middle of a class or an escape");
        }
        int c = pattern.codePointAt(at);
        at += Character.charCount(c);
        return c;
    }

    private boolean skip(char c) {
        boolean there = at < pattern.length() && pattern.charAt(at) == c;
        at += there ? 1 : 0;
        return there;
    }
}
