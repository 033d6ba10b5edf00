package io.karipap.tokenizer.jinja;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;

/** Filters of numbers. */
final class NumberFilters {
    private NumberFilters() {}

    static void define(Map<String, Filters.Filter> filters) {
        filters.put("abs", (f, value, a) -> switch (Values.defined(value)) {
            case Long number -> Math.abs(number);
            case Double number -> Math.abs(number);
            case Boolean bool -> bool ? 1L : 0L;
            case null, default ->
                throw new TemplateException("bad operand type for abs(): '" + Values.type(value) + "'");
        });
        filters.put("int", NumberFilters::toInt);
        filters.put("float", (f, value, a) -> {
            Object otherwise = Arguments.orElse(a.bind("float", "default")[0], 0.0);
            Values.defined(value);
            try {
                return value instanceof Text text
                        ? Double.valueOf(Numbers.real(text.value()))
                        : Double.valueOf(Values.number(value));
            } catch (TemplateException | NumberFormatException e) {
                return otherwise;
            }
        });
        filters.put("round", NumberFilters::round);
        filters.put("sum", (f, value, a) -> {
            Object[] bound = a.bind("sum", "attribute", "start");
            Object sum = Arguments.orElse(bound[1], 0L);
            Arithmetic arithmetic = new Arithmetic(f.budget());
            for (Object element : Values.elements(value)) {
                sum = arithmetic.apply("+", sum, f.attribute(element, Arguments.orElse(bound[0], null)));
            }
            return sum;
        });
    }

    private static Object toInt(Filters f, Object value, Arguments a) {
        Object[] bound = a.bind("int", "default", "base");
        Object otherwise = Arguments.orElse(bound[0], 0L);
        long base = Values.integer(Arguments.orElse(bound[1], 10L), "base");
        Values.defined(value);
        try {
            return switch (value) {
                case Text text -> Numbers.integer(text.value(), (int) base);
                case Double number when number.isNaN() || number.isInfinite() -> otherwise;
                case Double number -> (long) (double) number;
                case null, default -> Values.integer(value, "the value of int");
            };
        } catch (TemplateException | NumberFormatException e) {
            return otherwise;
        }
    }

    private static Object round(Filters f, Object value, Arguments a) {
        Object[] bound = a.bind("round", "precision", "method");
        int precision = Math.clamp(Values.integer(Arguments.orElse(bound[0], 0L), "precision"), -300, 300);
        String method = Values.text(Arguments.orElse(bound[1], Text.of("common")), "method")
                .value();
        double number = Values.number(Values.defined(value));
        RoundingMode mode =
                switch (method) {
                    case "common" -> RoundingMode.HALF_EVEN;
                    case "ceil" -> RoundingMode.CEILING;
                    case "floor" -> RoundingMode.FLOOR;
                    default -> throw new TemplateException("method must be common, ceil or floor");
                };
        if (method.equals("common") && (value instanceof Long || value instanceof Boolean)) {
            long whole = Values.integer(value, "");
            return precision >= 0
                    ? (Object) whole
                    : (Object)
                            BigDecimal.valueOf(whole).setScale(precision, mode).longValue();
        }
        if (method.equals("common")) {
            return new BigDecimal(number).setScale(precision, mode).doubleValue();
        }
        double scale = Math.pow(10, precision);
        double scaled = number * scale;
        return (method.equals("ceil") ? Math.ceil(scaled) : Math.floor(scaled)) / scale;
    }
}
