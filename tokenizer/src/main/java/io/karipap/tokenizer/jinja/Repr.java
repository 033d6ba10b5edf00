package io.karipap.tokenizer.jinja;

import java.math.BigDecimal;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Python's {@code str()} and {@code repr()}. */
final class Repr {
    private Repr() {}

    /** As it is printed. */
    static Text str(Object value) {
        return switch (value) {
            case Text text -> text;
            case Undefined undefined -> Text.EMPTY;
            case null, default -> repr(value);
        };
    }

    static Text repr(Object value) {
        Text.Builder builder = new Text.Builder();
        repr(value, builder);
        return builder.build();
    }

    private static void repr(Object value, Text.Builder builder) {
        switch (value) {
            case null -> builder.append("None");
            case Boolean bool -> builder.append(bool ? "True" : "False");
            case Long number -> builder.append(number.toString());
            case Double number -> builder.append(real(number));
            case Text text
            when text.markup() -> {
                builder.append("Markup(");
                quoted(text, builder);
                builder.append(")");
            }
            case Text text -> quoted(text, builder);
            case Range range -> builder.append(range.text());
            case Tuple tuple -> {
                elements("(", tuple, tuple.size() == 1 ? ",)" : ")", builder);
            }
            case List<?> list -> elements("[", list, "]", builder);
            case Map<?, ?> map -> {
                builder.append("{");
                String separator = "";
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    builder.append(separator);
                    repr(entry.getKey(), builder);
                    builder.append(": ");
                    repr(entry.getValue(), builder);
                    separator = ", ";
                }
                builder.append("}");
            }
            case View view -> {
                builder.append(view.type() + "(");
                elements("[", view.elements(), "])", builder);
            }
            case Undefined undefined -> builder.append("Undefined");
            default -> throw new TemplateException("a " + Values.type(value) + " cannot be printed");
        }
    }

    private static void elements(String open, List<?> list, String close, Text.Builder builder) {
        builder.append(open);
        for (Iterator<?> each = list.iterator(); each.hasNext(); ) {
            repr(each.next(), builder);
            if (each.hasNext()) {
                builder.append(", ");
            }
        }
        builder.append(close);
    }

    /** Fewest digits that give the number again; an exponent below 10⁻⁴ and from 10¹⁶ on. */
    static String real(double number) {
        if (Double.isNaN(number)) {
            return "nan";
        }
        if (Double.isInfinite(number)) {
            return number > 0 ? "inf" : "-inf";
        }
        if (number == 0) {
            return 1 / number < 0 ? "-0.0" : "0.0";
        }
        BigDecimal shortest = new BigDecimal(Double.toString(Math.abs(number))).stripTrailingZeros();
        int exponent = shortest.precision() - shortest.scale() - 1;
        String sign = number < 0 ? "-" : "";
        if (exponent >= -4 && exponent < 16) {
            String plain = shortest.toPlainString();
            return sign + (plain.contains(".") ? plain : plain + ".0");
        }
        String digits = shortest.unscaledValue().toString();
        return sign + digits.charAt(0) + (digits.length() > 1 ? "." + digits.substring(1) : "") + "e"
                + (exponent < 0 ? "-" : "+") + (Math.abs(exponent) < 10 ? "0" : "") + Math.abs(exponent);
    }

    private static void quoted(Text text, Text.Builder builder) {
        String value = text.value();
        char quote = value.indexOf('\'') >= 0 && value.indexOf('"') < 0 ? '"' : '\'';
        builder.append(String.valueOf(quote));
        for (int i = 0; i < value.length(); ) {
            int c = value.codePointAt(i);
            builder.append(escaped(c, quote), text, i);
            i += Character.charCount(c);
        }
        builder.append(String.valueOf(quote));
    }

    private static String escaped(int c, char quote) {
        return switch (c) {
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            case '\\' -> "\\\\";
            default -> {
                if (c == quote) {
                    yield "\\" + quote;
                }
                if (c == ' ' || isPrintable(c)) {
                    yield Character.toString(c);
                }
                yield c < 0x100
                        ? String.format("\\x%02x", c)
                        : c < 0x10000 ? String.format("\\u%04x", c) : String.format("\\U%08x", c);
            }
        };
    }

    static boolean isPrintable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            case Character.SPACE_SEPARATOR -> c == ' ';
            default -> true;
        };
    }
}
