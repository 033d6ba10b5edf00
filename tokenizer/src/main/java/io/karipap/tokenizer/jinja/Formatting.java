package io.karipap.tokenizer.jinja;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Python's {@code format % values} and {@code str.format}, with the conversions that texts need. */
final class Formatting {
    private static final int MAX_WIDTH = 10_000;

    private final Budget budget;

    Formatting(Budget budget) {
        this.budget = budget;
    }

    /** How one value is written. */
    private record Spec(boolean left, boolean plus, boolean space, boolean zero, int width, int precision, char type) {}

    Text percent(Text format, Object values) {
        String source = format.value();
        Text.Builder result = new Text.Builder();
        List<?> list = values instanceof Tuple tuple ? tuple : null;
        int next = 0;
        for (int i = 0; i < source.length(); ) {
            int percent = source.indexOf('%', i);
            if (percent < 0) {
                result.append(format.slice(i, source.length()));
                break;
            }
            result.append(format.slice(i, percent));
            i = percent + 1;
            String key = null;
            if (i < source.length() && source.charAt(i) == '(') {
                int close = source.indexOf(')', i);
                if (close < 0) {
                    throw new TemplateException("a format has no ')' for its '('");
                }
                key = source.substring(i + 1, close);
                i = close + 1;
            }
            int start = i;
            while (i < source.length() && "-+ 0#".indexOf(source.charAt(i)) >= 0) {
                i++;
            }
            String flags = source.substring(start, i);
            int width = 0;
            while (i < source.length() && Character.isDigit(source.charAt(i))) {
                width = Math.min(MAX_WIDTH + 1, width * 10 + source.charAt(i++) - '0');
            }
            int precision = -1;
            if (i < source.length() && source.charAt(i) == '.') {
                precision = 0;
                for (i++; i < source.length() && Character.isDigit(source.charAt(i)); i++) {
                    precision = Math.min(MAX_WIDTH + 1, precision * 10 + source.charAt(i) - '0');
                }
            }
            if (i >= source.length()) {
                throw new TemplateException("incomplete format");
            }
            char type = source.charAt(i++);
            if (width > MAX_WIDTH || precision > MAX_WIDTH) {
                throw new TemplateException("a format is wider than " + MAX_WIDTH);
            }
            if (type == '%') {
                result.append("%");
                continue;
            }
            Object value;
            if (key != null) {
                if (!(values instanceof Map<?, ?> map) || !map.containsKey(Text.of(key))) {
                    throw new TemplateException("a format needs '" + key + "', which is not given");
                }
                value = map.get(Text.of(key));
            } else if (list != null) {
                if (next == list.size()) {
                    throw new TemplateException("not enough arguments for format string");
                }
                value = list.get(next++);
            } else {
                if (next++ > 0) {
                    throw new TemplateException("not enough arguments for format string");
                }
                value = values;
            }
            Spec spec = new Spec(
                    flags.contains("-"),
                    flags.contains("+"),
                    flags.contains(" "),
                    flags.contains("0"),
                    width,
                    precision,
                    type);
            result.append(pad(spec, converted(spec, value)));
        }
        boolean allUsed = list != null
                ? next == list.size()
                : next > 0 || values instanceof Map || values instanceof List || values instanceof Undefined;
        if (!allUsed) {
            throw new TemplateException("not all arguments converted during string formatting");
        }
        budget.make(result.length());
        return result.build();
    }

    private static Text converted(Spec spec, Object value) {
        return switch (spec.type()) {
            case 's' -> cut(Repr.str(value), spec.precision());
            case 'r', 'a' -> cut(Repr.repr(value), spec.precision());
            case 'd', 'i', 'u' -> Text.of(signed(spec, digits(spec, truncated(value), 10)));
            case 'x' -> Text.of(signed(spec, digits(spec, Values.integer(value, "the value of %x"), 16)));
            case 'X' -> Text.of(signed(spec, digits(spec, Values.integer(value, "the value of %X"), 16)));
            case 'o' -> Text.of(signed(spec, digits(spec, Values.integer(value, "the value of %o"), 8)));
            case 'f', 'F', 'e', 'E', 'g', 'G' ->
                Text.of(signed(spec, real(Values.number(value), spec.precision(), spec.type())));
            case 'c' ->
                value instanceof Long code
                        ? Text.of(Character.toString(code.intValue()))
                        : Values.text(value, "the value of %c");
            default -> throw new TemplateException("unsupported format character '" + spec.type() + "'");
        };
    }

    private static Text cut(Text text, int precision) {
        return precision < 0 || precision >= text.length() ? text : text.slice(0, text.offset(precision));
    }

    private static long truncated(Object value) {
        return value instanceof Double real ? real.longValue() : Values.integer(value, "the value of %d");
    }

    private static String digits(Spec spec, long number, int radix) {
        String digits = Long.toString(Math.abs(number), radix);
        String padded = "0".repeat(Math.max(0, spec.precision() - digits.length())) + digits;
        return (number < 0 ? "-" : "") + (spec.type() == 'X' ? padded.toUpperCase(Locale.ROOT) : padded);
    }

    private static String signed(Spec spec, String number) {
        if (number.startsWith("-")) {
            return number;
        }
        return spec.plus() ? "+" + number : spec.space() ? " " + number : number;
    }

    private static Text pad(Spec spec, Text text) {
        int missing = spec.width() - text.length();
        if (missing <= 0) {
            return text;
        }
        if (spec.left()) {
            return text.plus(Text.of(" ".repeat(missing)));
        }
        boolean number = "dixXoufFeEgG".indexOf(spec.type()) >= 0;
        if (spec.zero() && number) {
            boolean sign = !text.value().isEmpty() && "+- ".indexOf(text.value().charAt(0)) >= 0;
            String value = text.value();
            return Text.of(
                    (sign ? value.substring(0, 1) : "") + "0".repeat(missing) + (sign ? value.substring(1) : value));
        }
        return Text.of(" ".repeat(missing)).plus(text);
    }

    /** A float by {@code f}, {@code e} or {@code g} with the precision, 6 if it is below 0. */
    static String real(double value, int precision, char type) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return Repr.real(value);
        }
        int digits = precision < 0 ? 6 : precision;
        boolean negative = value < 0 || value == 0 && 1 / value < 0;
        BigDecimal exact = new BigDecimal(Math.abs(value));
        String text =
                switch (Character.toLowerCase(type)) {
                    case 'f' -> exact.setScale(digits, RoundingMode.HALF_EVEN).toPlainString();
                    case 'e' -> scientific(exact, digits);
                    default -> general(exact, Math.max(1, digits));
                };
        return (negative ? "-" : "") + (Character.isUpperCase(type) ? text.toUpperCase(Locale.ROOT) : text);
    }

    private static String scientific(BigDecimal value, int digits) {
        BigDecimal rounded = value.round(new MathContext(digits + 1, RoundingMode.HALF_EVEN));
        int exponent = rounded.signum() == 0 ? 0 : rounded.precision() - rounded.scale() - 1;
        String mantissa = rounded.movePointLeft(exponent)
                .setScale(digits, RoundingMode.HALF_EVEN)
                .toPlainString();
        return mantissa + exponent(exponent);
    }

    private static String exponent(int exponent) {
        return "e" + (exponent < 0 ? "-" : "+") + (Math.abs(exponent) < 10 ? "0" : "") + Math.abs(exponent);
    }

    private static String general(BigDecimal value, int digits) {
        if (value.signum() == 0) {
            return "0";
        }
        BigDecimal rounded = value.round(new MathContext(digits, RoundingMode.HALF_EVEN));
        int exponent = rounded.precision() - rounded.scale() - 1;
        if (exponent < -4 || exponent >= digits) {
            String mantissa =
                    rounded.movePointLeft(exponent).stripTrailingZeros().toPlainString();
            return mantissa + exponent(exponent);
        }
        BigDecimal stripped = rounded.stripTrailingZeros();
        return stripped.scale() < 0 ? stripped.toPlainString() : stripped.toPlainString();
    }

    /** {@code str.format}: fields by position or name, with a width, an alignment and a type. */
    Text braces(Text format, Arguments arguments) {
        String source = format.value();
        Text.Builder result = new Text.Builder();
        int automatic = 0;
        for (int i = 0; i < source.length(); ) {
            char c = source.charAt(i);
            if ((c == '{' || c == '}') && i + 1 < source.length() && source.charAt(i + 1) == c) {
                result.append(format.slice(i, i + 1));
                i += 2;
            } else if (c == '{') {
                int close = source.indexOf('}', i);
                if (close < 0) {
                    throw new TemplateException("a format has no '}' for its '{'");
                }
                String field = source.substring(i + 1, close);
                int colon = field.indexOf(':');
                String name = colon < 0 ? field : field.substring(0, colon);
                boolean repr = name.endsWith("!r");
                if (repr || name.endsWith("!s")) {
                    name = name.substring(0, name.length() - 2);
                }
                Object value = field(name.isEmpty() ? String.valueOf(automatic++) : name, arguments);
                result.append(aligned(repr ? Repr.repr(value) : value, colon < 0 ? "" : field.substring(colon + 1)));
                i = close + 1;
            } else if (c == '}') {
                throw new TemplateException("a format has no '{' for its '}'");
            } else {
                result.append(format.slice(i, i + 1));
                i++;
            }
        }
        budget.make(result.length());
        return result.build();
    }

    private static Object field(String name, Arguments arguments) {
        if (name.chars().allMatch(Character::isDigit)) {
            int index = name.length() > 4 ? Integer.MAX_VALUE : Integer.parseInt(name);
            if (index >= arguments.positional().size()) {
                throw new TemplateException("a format needs argument " + name + ", which is not given");
            }
            return arguments.positional().get(index);
        }
        if (!arguments.named().containsKey(name)) {
            throw new TemplateException("a format needs '" + name + "', which is not given");
        }
        return arguments.named().get(name);
    }

    private static final Pattern SPEC =
            Pattern.compile("(?:(.)?([<>^]))?([+ -])?(0)?(\\d{0,4})(,)?(?:\\.(\\d{1,4}))?([sdfFeEgGxX%]?)");

    private static Text aligned(Object value, String spec) {
        Matcher match = SPEC.matcher(spec);
        if (!match.matches()) {
            throw new TemplateException("the format '" + spec + "' is not supported");
        }
        int precision = match.group(7) == null ? -1 : Integer.parseInt(match.group(7));
        String type = match.group(8);
        boolean number = Values.isNumber(value) && !(value instanceof Boolean && type.isEmpty());
        Text text;
        if (number && (!type.isEmpty() || match.group(6) != null)) {
            String plain;
            if (type.equals("d") || type.isEmpty() && value instanceof Long) {
                plain = String.valueOf(Values.integer(value, "the value of {:d}"));
            } else if (type.equals("x") || type.equals("X")) {
                plain = Long.toString(Values.integer(value, "the value of {:x}"), 16);
            } else if (type.equals("%")) {
                plain = real(Values.number(value) * 100, precision, 'f') + "%";
            } else {
                plain = type.isEmpty()
                        ? Repr.real(Values.number(value))
                        : real(Values.number(value), precision, type.charAt(0));
            }
            text = Text.of(match.group(6) == null ? plain : grouped(plain));
        } else {
            text = cut(Repr.str(value), precision);
        }
        if (number && "+".equals(match.group(3)) && !text.value().startsWith("-")) {
            text = Text.of("+" + text.value());
        }
        int width = match.group(5).isEmpty() ? 0 : Integer.parseInt(match.group(5));
        int missing = Math.max(0, width - text.length());
        String fill = match.group(1) != null ? match.group(1) : match.group(4) != null ? "0" : " ";
        String align = match.group(2) != null ? match.group(2) : number ? ">" : "<";
        int before = align.equals(">") ? missing : align.equals("^") ? missing / 2 : 0;
        return Text.of(fill.repeat(before)).plus(text).plus(Text.of(fill.repeat(missing - before)));
    }

    private static String grouped(String number) {
        int point = number.indexOf('.') < 0 ? number.length() : number.indexOf('.');
        StringBuilder grouped = new StringBuilder(number);
        for (int i = point - 3; i > (number.startsWith("-") ? 1 : 0); i -= 3) {
            grouped.insert(i, ',');
        }
        return grouped.toString();
    }
}
