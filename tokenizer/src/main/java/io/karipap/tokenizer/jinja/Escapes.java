package io.karipap.tokenizer.jinja;

/** Escapes in the string literals of templates, Python's. */
final class Escapes {
    private Escapes() {}

    static String decode(String literal, int line) {
        if (literal.indexOf('\\') < 0) {
            return literal;
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < literal.length(); i++) {
            char c = literal.charAt(i);
            if (c != '\\' || i + 1 == literal.length()) {
                text.append(c);
                continue;
            }
            char escape = literal.charAt(++i);
            switch (escape) {
                case '\n' -> {}
                case 'n' -> text.append('\n');
                case 't' -> text.append('\t');
                case 'r' -> text.append('\r');
                case 'a' -> text.append('\u0007');
                case 'b' -> text.append('\b');
                case 'f' -> text.append('\f');
                case 'v' -> text.append('\u000B');
                case '\\', '\'', '"' -> text.append(escape);
                case 'x' -> i = hex(literal, i + 1, 2, text, line);
                case 'u' -> i = hex(literal, i + 1, 4, text, line);
                case 'U' -> i = hex(literal, i + 1, 8, text, line);
                case '0', '1', '2', '3', '4', '5', '6', '7' -> i = octal(literal, i, text);
                default -> text.append('\\').append(escape);
            }
        }
        return text.toString();
    }

    private static int hex(String literal, int from, int digits, StringBuilder text, int line) {
        try {
            text.appendCodePoint(Integer.parseInt(literal.substring(from, from + digits), 16));
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new TemplateException(line, "a string has an escape without " + digits + " hexadecimal digits");
        }
        return from + digits - 1;
    }

    private static int octal(String literal, int from, StringBuilder text) {
        int value = 0;
        int i = from;
        while (i < literal.length() && i < from + 3 && literal.charAt(i) >= '0' && literal.charAt(i) <= '7') {
            value = value * 8 + literal.charAt(i++) - '0';
        }
        text.appendCodePoint(value);
        return i - 1;
    }
}
