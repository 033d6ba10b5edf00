package io.karipap.tokenizer.jinja;

import java.util.ArrayList;
import java.util.List;

/** Python's operators on numbers, strings and lists. */
final class Arithmetic {
    private final Budget budget;

    Arithmetic(Budget budget) {
        this.budget = budget;
    }

    Object apply(String operator, Object left, Object right) {
        Values.defined(left);
        if (operator.equals("%") && left instanceof Text format) {
            return new Formatting(budget).percent(format, right);
        }
        Values.defined(right);
        if (Values.isNumber(left) && Values.isNumber(right)) {
            return left instanceof Double || right instanceof Double
                    ? reals(operator, Values.number(left), Values.number(right))
                    : integers(operator, Values.integer(left, ""), Values.integer(right, ""));
        }
        if (operator.equals("+")) {
            if (left instanceof Text a && right instanceof Text b) {
                budget.make((long) a.value().length() + b.value().length());
                return a.plus(b);
            }
            if (left instanceof List<?> a
                    && right instanceof List<?> b
                    && Values.type(a).equals(Values.type(b))) {
                budget.make((long) a.size() + b.size());
                List<Object> both = new ArrayList<>(a);
                both.addAll(b);
                return a instanceof Tuple ? new Tuple(both) : both;
            }
        }
        if (operator.equals("*")) {
            if (isRepeatable(left) && isInteger(right)) {
                return repeat(left, Values.integer(right, ""));
            }
            if (isRepeatable(right) && isInteger(left)) {
                return repeat(right, Values.integer(left, ""));
            }
        }
        throw new TemplateException("unsupported operand types for " + operator + ": '" + Values.type(left) + "' and '"
                + Values.type(right) + "'");
    }

    private static boolean isInteger(Object value) {
        return value instanceof Long || value instanceof Boolean;
    }

    private static boolean isRepeatable(Object value) {
        return value instanceof Text || value instanceof List<?> && !(value instanceof Range);
    }

    private Object repeat(Object value, long times) {
        long count = Math.max(0, times);
        long size = value instanceof Text text ? text.value().length() : ((List<?>) value).size();
        if (size == 0) {
            return value;
        }
        budget.make(count > Integer.MAX_VALUE ? Long.MAX_VALUE : size * count);
        if (value instanceof Text text) {
            Text.Builder builder = new Text.Builder();
            for (long i = 0; i < count; i++) {
                builder.append(text);
            }
            return builder.build();
        }
        List<Object> repeated = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            repeated.addAll((List<?>) value);
        }
        return value instanceof Tuple ? new Tuple(repeated) : repeated;
    }

    private static Object integers(String operator, long a, long b) {
        try {
            return switch (operator) {
                case "+" -> Math.addExact(a, b);
                case "-" -> Math.subtractExact(a, b);
                case "*" -> Math.multiplyExact(a, b);
                case "/" -> {
                    nonZero(b);
                    yield (double) a / b;
                }
                case "//" -> {
                    nonZero(b);
                    yield Math.floorDivExact(a, b);
                }
                case "%" -> {
                    nonZero(b);
                    yield Math.floorMod(a, b);
                }
                default -> b < 0 ? (Object) reals("**", a, b) : (Object) power(a, b);
            };
        } catch (ArithmeticException e) {
            throw new TemplateException("a number of a template exceeds 64 bits");
        }
    }

    private static long power(long a, long b) {
        long result = 1;
        if (a == 0 || a == 1) {
            return b == 0 ? 1 : a;
        }
        if (a == -1) {
            return b % 2 == 0 ? 1 : -1;
        }
        for (long i = 0; i < b; i++) {
            result = Math.multiplyExact(result, a);
        }
        return result;
    }

    private static void nonZero(double b) {
        if (b == 0) {
            throw new TemplateException("division by zero");
        }
    }

    private static Double reals(String operator, double a, double b) {
        return switch (operator) {
            case "+" -> a + b;
            case "-" -> a - b;
            case "*" -> a * b;
            case "/" -> {
                nonZero(b);
                yield a / b;
            }
            case "//" -> {
                nonZero(b);
                yield Math.floor((a - modulo(a, b)) / b + 0.5); // as CPython: from the exact remainder
            }
            case "%" -> {
                nonZero(b);
                yield modulo(a, b);
            }
            default -> {
                if (a == 0 && b < 0) {
                    throw new TemplateException("0.0 cannot be raised to a negative power");
                }
                double power = Math.pow(a, b);
                if (Double.isNaN(power) || Double.isInfinite(power)) {
                    throw new TemplateException("the power is not a finite real number");
                }
                yield power;
            }
        };
    }

    private static double modulo(double a, double b) {
        double remainder = a % b;
        if (remainder != 0 && remainder < 0 != b < 0) {
            return remainder + b;
        }
        return remainder == 0 ? Math.copySign(0, b) : remainder;
    }

    static Object sign(Object value, boolean negative) {
        return switch (Values.defined(value)) {
            case Long number -> negative ? (Object) Math.negateExact(number) : number;
            case Double number -> negative ? (Object) (-number) : number;
            case Boolean bool -> (bool ? 1L : 0L) * (negative ? -1 : 1);
            case null, default ->
                throw new TemplateException("bad operand type for unary sign: '" + Values.type(value) + "'");
        };
    }
}
