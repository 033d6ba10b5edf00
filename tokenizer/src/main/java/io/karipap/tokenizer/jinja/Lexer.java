package io.karipap.tokenizer.jinja;

import io.karipap.tokenizer.jinja.Token.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Cuts a template into tokens, white space around tags controlled as Jinja does it with {@code trim_blocks} (a line break after a block or
 * comment is dropped) and {@code lstrip_blocks} (blanks before a block or comment that begins its line are dropped); {@code -} and
 * {@code +} inside a tag have the last word. One line break at the end of the template is dropped.
 */
final class Lexer {
    /** Operators, longer ones first. */
    private static final List<String> OPERATORS = List.of(
            "**", "//", "==", "!=", "<=", ">=", "+", "-", "/", "*", "%", "~", "[", "]", "(", ")", "{", "}", "<", ">",
            "=", ".", ":", "|", ",", ";");

    private final String source;
    private final List<Token> tokens = new ArrayList<>();
    private int at;
    private int line = 1;

    private Lexer(String source) {
        this.source = source;
    }

    /** @throws TemplateException if the source is malformed */
    static List<Token> tokens(String template) {
        String source = template.replace("\r\n", "\n").replace('\r', '\n');
        if (source.endsWith("\n")) {
            source = source.substring(0, source.length() - 1);
        }
        Lexer lexer = new Lexer(source);
        lexer.template();
        lexer.add(Kind.END, "");
        return lexer.tokens;
    }

    private void add(Kind kind, String text) {
        tokens.add(new Token(kind, text, line));
    }

    private void advance(int to) {
        for (; at < to; at++) {
            if (source.charAt(at) == '\n') {
                line++;
            }
        }
    }

    private void template() {
        while (at < source.length()) {
            int tag = nextTag();
            if (tag < 0) {
                data(source.length(), ' ', false);
                return;
            }
            char type = source.charAt(tag + 1);
            char sign = tag + 2 < source.length() ? source.charAt(tag + 2) : ' ';
            if (sign != '-' && sign != '+') {
                sign = ' ';
            }
            data(tag, sign, type != '{');
            advance(tag + (sign == ' ' ? 2 : 3));
            switch (type) {
                case '#' -> comment();
                case '{' -> {
                    add(Kind.VARIABLE_BEGIN, "{{");
                    inside("}}", Kind.VARIABLE_END);
                }
                default -> {
                    if (!raw()) {
                        add(Kind.BLOCK_BEGIN, "{%");
                        inside("%}", Kind.BLOCK_END);
                    }
                }
            }
        }
    }

    private int nextTag() {
        for (int i = source.indexOf('{', at); i >= 0 && i + 1 < source.length(); i = source.indexOf('{', i + 1)) {
            char next = source.charAt(i + 1);
            if (next == '{' || next == '%' || next == '#') {
                return i;
            }
        }
        return -1;
    }

    /** Adds the text up to a tag, without the blanks that the tag takes away. */
    private void data(int end, char sign, boolean strips) {
        String text = source.substring(at, end);
        if (sign == '-') {
            text = text.substring(0, Spaces.trimmedEnd(text, 0, text.length()));
        } else if (sign != '+' && strips) {
            int lineStart = text.lastIndexOf('\n') + 1;
            // the tag begins its line if nothing but blanks stands before it, and not right behind another tag
            boolean begins = lineStart > 0 || at == 0 || source.charAt(at - 1) == '\n';
            if (begins && Spaces.trimmedEnd(text, lineStart, text.length()) == lineStart) {
                text = text.substring(0, lineStart);
            }
        }
        if (!text.isEmpty()) {
            add(Kind.DATA, text);
        }
        advance(end);
    }

    /** After the end of a tag: drops what it takes away of the text that follows. */
    private void afterTag(char sign, boolean trims) {
        if (sign == '-') {
            int end = at;
            while (end < source.length() && Spaces.is(source.charAt(end))) {
                end++;
            }
            advance(end);
        } else if (sign != '+' && trims && at < source.length() && source.charAt(at) == '\n') {
            advance(at + 1);
        }
    }

    private void comment() {
        int end = source.indexOf("#}", at);
        if (end < 0) {
            throw new TemplateException(line, "a comment has no end '#}'");
        }
        char sign = end > at ? source.charAt(end - 1) : ' ';
        advance(end + 2);
        afterTag(sign, true);
    }

    /** A raw block, if one begins here: its text is data. */
    private boolean raw() {
        int i = skipBlanks(at);
        if (!source.startsWith("raw", i)) {
            return false;
        }
        i = skipBlanks(i + 3);
        char sign = i < source.length() ? source.charAt(i) : ' ';
        if (sign == '-') {
            i++;
        }
        if (!source.startsWith("%}", i)) {
            return false;
        }
        int begin = line;
        advance(i + 2);
        afterTag(sign, false);
        for (int tag = source.indexOf("{%", at); tag >= 0; tag = source.indexOf("{%", tag + 2)) {
            int j = tag + 2;
            char open = j < source.length() ? source.charAt(j) : ' ';
            j = skipBlanks(open == '-' || open == '+' ? j + 1 : j);
            if (!source.startsWith("endraw", j)) {
                continue;
            }
            j = skipBlanks(j + 6);
            char close = j < source.length() ? source.charAt(j) : ' ';
            if (close == '-' || close == '+') {
                j++;
            }
            if (source.startsWith("%}", j)) {
                data(tag, open, true);
                advance(j + 2);
                afterTag(close, true);
                return true;
            }
        }
        throw new TemplateException(begin, "a raw block has no end");
    }

    private int skipBlanks(int from) {
        int i = from;
        while (i < source.length() && Spaces.is(source.charAt(i))) {
            i++;
        }
        return i;
    }

    /** Tokens of an expression or statement up to the end of its tag. */
    private void inside(String end, Kind endKind) {
        int begin = line;
        Deque<Character> brackets = new ArrayDeque<>();
        while (true) {
            advance(skipBlanks(at));
            if (at >= source.length()) {
                throw new TemplateException(begin, "a tag has no end '" + end + "'");
            }
            if (brackets.isEmpty()) {
                char sign = source.charAt(at);
                boolean signed =
                        (sign == '-' || sign == '+' && endKind == Kind.BLOCK_END) && source.startsWith(end, at + 1);
                if (signed || source.startsWith(end, at)) {
                    add(endKind, end);
                    advance(at + (signed ? 3 : 2));
                    afterTag(signed ? sign : ' ', endKind == Kind.BLOCK_END);
                    return;
                }
            }
            char c = source.charAt(at);
            if (Character.isUnicodeIdentifierStart(c) || c == '_') {
                name();
            } else if (c >= '0' && c <= '9') {
                number();
            } else if (c == '"' || c == '\'') {
                string(c);
            } else {
                operator(brackets);
            }
        }
    }

    private void name() {
        int end = at + 1;
        while (end < source.length()
                && (Character.isUnicodeIdentifierPart(source.charAt(end)) || source.charAt(end) == '_')) {
            end++;
        }
        add(Kind.NAME, source.substring(at, end));
        advance(end);
    }

    private void number() {
        int end = digits(at);
        boolean isFloat = false;
        if (source.charAt(at - 1) == '.') {
            add(Kind.INTEGER, source.substring(at, end).replace("_", "")); // an index: of x.0.1 the second is one too
            advance(end);
            return;
        }
        if (end + 1 < source.length() && source.charAt(end) == '.' && isDigit(source.charAt(end + 1))) {
            end = digits(end + 1);
            isFloat = true;
        }
        if (end < source.length() && (source.charAt(end) == 'e' || source.charAt(end) == 'E')) {
            int exponent = end + 1;
            if (exponent < source.length() && (source.charAt(exponent) == '+' || source.charAt(exponent) == '-')) {
                exponent++;
            }
            if (exponent < source.length() && isDigit(source.charAt(exponent))) {
                end = digits(exponent);
                isFloat = true;
            }
        }
        add(isFloat ? Kind.FLOAT : Kind.INTEGER, source.substring(at, end).replace("_", ""));
        advance(end);
    }

    private int digits(int from) {
        int end = from;
        while (end < source.length()
                && (isDigit(source.charAt(end))
                        || source.charAt(end) == '_' && end + 1 < source.length() && isDigit(source.charAt(end + 1)))) {
            end++;
        }
        return end;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private void string(char quote) {
        int end = at + 1;
        while (end < source.length() && source.charAt(end) != quote) {
            end += source.charAt(end) == '\\' ? 2 : 1;
        }
        if (end >= source.length()) {
            throw new TemplateException(line, "a string has no end");
        }
        add(Kind.STRING, Escapes.decode(source.substring(at + 1, end), line));
        advance(end + 1);
    }

    private void operator(Deque<Character> brackets) {
        for (String operator : OPERATORS) {
            if (source.startsWith(operator, at)) {
                bracket(operator.charAt(0), brackets);
                add(Kind.OPERATOR, operator);
                advance(at + operator.length());
                return;
            }
        }
        throw new TemplateException(line, "'" + source.charAt(at) + "' is not expected here");
    }

    private void bracket(char c, Deque<Character> brackets) {
        switch (c) {
            case '(' -> brackets.push(')');
            case '[' -> brackets.push(']');
            case '{' -> brackets.push('}');
            case ')', ']', '}' -> {
                if (brackets.isEmpty() || brackets.pop() != c) {
                    throw new TemplateException(line, "'" + c + "' closes nothing");
                }
            }
            default -> {}
        }
    }
}
