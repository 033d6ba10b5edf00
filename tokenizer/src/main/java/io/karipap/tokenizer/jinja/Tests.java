package io.karipap.tokenizer.jinja;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** What may stand behind {@code is}. */
final class Tests {
    private static final Set<String> NAMES = Set.of(
            "boolean",
            "callable",
            "defined",
            "divisibleby",
            "eq",
            "equalto",
            "==",
            "even",
            "false",
            "filter",
            "float",
            "ge",
            ">=",
            "gt",
            "greaterthan",
            ">",
            "in",
            "integer",
            "iterable",
            "le",
            "<=",
            "lower",
            "lt",
            "lessthan",
            "<",
            "mapping",
            "ne",
            "!=",
            "none",
            "number",
            "odd",
            "sameas",
            "sequence",
            "string",
            "test",
            "true",
            "undefined",
            "upper");

    private final Arithmetic arithmetic;

    Tests(Arithmetic arithmetic) {
        this.arithmetic = arithmetic;
    }

    static boolean has(String name) {
        return NAMES.contains(name);
    }

    boolean holds(String name, Object value, Arguments arguments) {
        return switch (name) {
            case "defined" -> !(value instanceof Undefined);
            case "undefined" -> value instanceof Undefined;
            case "none" -> value == null;
            case "true" -> Boolean.TRUE.equals(value);
            case "false" -> Boolean.FALSE.equals(value);
            case "boolean" -> value instanceof Boolean;
            case "integer" -> value instanceof Long;
            case "float" -> value instanceof Double;
            case "number" -> Values.isNumber(value);
            case "string" -> value instanceof Text;
            case "mapping" -> value instanceof Map;
            case "iterable" ->
                value instanceof Text
                        || value instanceof List
                        || value instanceof Map
                        || value instanceof View
                        || value instanceof Generator
                        || value instanceof LoopContext
                        || value instanceof Undefined;
            case "sequence" ->
                value instanceof Text || value instanceof List || value instanceof Map || value instanceof Undefined;
            case "callable" -> value instanceof Function || value instanceof LoopContext || value instanceof Undefined;
            case "filter" -> value instanceof Text filter && Filters.has(filter.value());
            case "test" -> value instanceof Text test && has(test.value());
            case "lower" -> isCased(value, true);
            case "upper" -> isCased(value, false);
            case "even" -> Values.equal(remainder(value, 2L), 0L);
            case "odd" -> Values.equal(remainder(value, 2L), 1L);
            case "divisibleby" -> Values.equal(remainder(value, one(name, arguments)), 0L);
            case "in" -> Values.contains(one(name, arguments), value);
            case "sameas" -> isSame(value, one(name, arguments));
            case "eq", "equalto", "==" -> Values.equal(value, one(name, arguments));
            case "ne", "!=" -> !Values.equal(value, one(name, arguments));
            case "lt", "lessthan", "<" -> Values.compare(value, one(name, arguments), "<") < 0;
            case "le", "<=" -> Values.compare(value, one(name, arguments), "<=") <= 0;
            case "gt", "greaterthan", ">" -> Values.compare(value, one(name, arguments), ">") == 1;
            case "ge", ">=" -> {
                int order = Values.compare(value, one(name, arguments), ">=");
                yield order == 0 || order == 1;
            }
            default -> throw new TemplateException("there is no test '" + name + "'");
        };
    }

    private Object remainder(Object value, Object divisor) {
        return arithmetic.apply("%", value, divisor);
    }

    private static Object one(String name, Arguments arguments) {
        return arguments.bind(name, 1, "other")[0];
    }

    private static boolean isSame(Object value, Object other) {
        return value == other
                || value != null
                        && other != null
                        && value.getClass() == other.getClass()
                        && (value instanceof Long || value instanceof Boolean || value instanceof Text)
                        && value.equals(other);
    }

    private static boolean isCased(Object value, boolean lower) {
        String text = Repr.str(value).value();
        return text.codePoints().anyMatch(c -> Character.isLowerCase(c) || Character.isUpperCase(c))
                && text.codePoints().noneMatch(lower ? Character::isUpperCase : Character::isLowerCase);
    }
}
