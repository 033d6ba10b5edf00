package io.karipap.tokenizer.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What Python makes of values: truth, equality, order, elements, names of types. */
final class Values {
    private Values() {}

    /**
     * A value from outside, made of maps, lists, strings, numbers and booleans only.
     *
     * @param outside whether its strings are from outside; keys of maps never are
     * @throws IllegalArgumentException if it is anything else
     */
    static Object of(Object value, boolean outside) {
        return switch (value) {
            case null -> null;
            case Boolean bool -> bool;
            case Integer number -> (long) number;
            case Long number -> number;
            case Short number -> (long) number;
            case Byte number -> (long) number;
            case BigInteger number ->
                number.bitLength() < 64 ? (Object) number.longValue() : (Object) number.doubleValue();
            case BigDecimal number -> number.doubleValue();
            case Number number -> number.doubleValue();
            case String text -> outside ? Text.fromOutside(text) : Text.of(text);
            case List<?> list -> {
                List<Object> elements = new ArrayList<>();
                list.forEach(element -> elements.add(of(element, outside)));
                yield elements;
            }
            case Map<?, ?> map -> {
                Map<Object, Object> entries = new LinkedHashMap<>();
                map.forEach((key, each) -> entries.put(Text.of(String.valueOf(key)), of(each, outside)));
                yield entries;
            }
            default ->
                throw new IllegalArgumentException(
                        "a template cannot be given a " + value.getClass().getName());
        };
    }

    /** Messages from outside; their roles, which templates make control tokens of, are the caller's own. */
    static Object messages(Object value) {
        if (!(value instanceof List<?> list)) {
            return of(value, true);
        }
        List<Object> messages = new ArrayList<>();
        for (Object message : list) {
            if (message instanceof Map<?, ?> map) {
                Map<Object, Object> entries = new LinkedHashMap<>();
                map.forEach((key, each) -> entries.put(
                        Text.of(String.valueOf(key)), of(each, !("role".equals(key) && each instanceof String))));
                messages.add(entries);
            } else {
                messages.add(of(message, true));
            }
        }
        return messages;
    }

    static boolean isTrue(Object value) {
        return switch (value) {
            case null -> false;
            case Boolean bool -> bool;
            case Long number -> number != 0;
            case Double number -> number != 0;
            case Text text -> !text.isEmpty();
            case List<?> list -> !list.isEmpty();
            case Map<?, ?> map -> !map.isEmpty();
            case View view -> !view.elements().isEmpty();
            case Undefined undefined -> false;
            default -> true;
        };
    }

    /** Python's name of the type, for messages. */
    static String type(Object value) {
        return switch (value) {
            case null -> "NoneType";
            case Boolean bool -> "bool";
            case Long number -> "int";
            case Double number -> "float";
            case Text text -> "str";
            case Tuple tuple -> "tuple";
            case Range range -> "range";
            case List<?> list -> "list";
            case Map<?, ?> map -> "dict";
            case View view -> view.type();
            case Generator generator -> "generator";
            case Undefined undefined -> "Undefined";
            case Namespace namespace -> "Namespace";
            case LoopContext loop -> "LoopContext";
            case Macro macro -> "Macro";
            default -> "function";
        };
    }

    /** The value itself, if it is there. */
    static Object defined(Object value) {
        if (value instanceof Undefined undefined) {
            throw new TemplateException(undefined.message());
        }
        return value;
    }

    static boolean isNumber(Object value) {
        return value instanceof Long || value instanceof Double || value instanceof Boolean;
    }

    /** An int, where Python takes one: booleans count. */
    static long integer(Object value, String what) {
        return switch (value) {
            case Long number -> number;
            case Boolean bool -> bool ? 1 : 0;
            case null, default ->
                throw new TemplateException(what + " is a " + type(defined(value)) + ", expected an int");
        };
    }

    static Text text(Object value, String what) {
        if (defined(value) instanceof Text text) {
            return text;
        }
        throw new TemplateException(what + " is a " + type(value) + ", expected a str");
    }

    static double number(Object value) {
        return switch (value) {
            case Long number -> number;
            case Double number -> number;
            case Boolean bool -> bool ? 1 : 0;
            case null, default -> throw new TemplateException("a " + type(defined(value)) + " is not a number");
        };
    }

    static boolean equal(Object a, Object b) {
        if (isNumber(a) && isNumber(b)) {
            return compareNumbers(a, b) == 0;
        }
        return switch (a) {
            case null -> b == null;
            case Text text -> text.equals(b);
            case Undefined undefined -> b instanceof Undefined;
            case List<?> list -> b instanceof List<?> other && type(a).equals(type(b)) && elementsEqual(list, other);
            case Map<?, ?> map -> b instanceof Map<?, ?> other && entriesEqual(map, other);
            default -> a == b;
        };
    }

    private static boolean elementsEqual(List<?> a, List<?> b) {
        if (a.size() != b.size()) {
            return false;
        }
        for (int i = 0; i < a.size(); i++) {
            if (!equal(a.get(i), b.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean entriesEqual(Map<?, ?> a, Map<?, ?> b) {
        return a.size() == b.size()
                && a.entrySet().stream()
                        .allMatch(entry ->
                                b.containsKey(entry.getKey()) && equal(entry.getValue(), b.get(entry.getKey())));
    }

    private static int compareNumbers(Object a, Object b) {
        if (a instanceof Double || b instanceof Double) {
            double x = number(a);
            double y = number(b);
            return x == y ? 0 : x < y ? -1 : x > y ? 1 : 2; // 2: not comparable
        }
        return Long.compare(integer(a, ""), integer(b, ""));
    }

    /** Below 0, 0 or above 0; 2 for numbers that no order holds between. */
    static int compare(Object a, Object b, String operator) {
        if (isNumber(a) && isNumber(b)) {
            return compareNumbers(a, b);
        }
        if (a instanceof Text x && b instanceof Text y) {
            return Integer.signum(x.compareTo(y));
        }
        if (a instanceof List<?> x && b instanceof List<?> y && type(a).equals(type(b)) && !(a instanceof Range)) {
            for (int i = 0; i < Math.min(x.size(), y.size()); i++) {
                if (!equal(x.get(i), y.get(i))) {
                    return compare(x.get(i), y.get(i), operator);
                }
            }
            return Integer.compare(x.size(), y.size());
        }
        throw new TemplateException("'" + operator + "' not supported between instances of '" + type(defined(a))
                + "' and '" + type(defined(b)) + "'");
    }

    static boolean contains(Object container, Object element) {
        return switch (container) {
            case Text text ->
                text.value()
                        .contains(text(element, "what is looked for in a str").value());
            case Map<?, ?> map -> map.containsKey(key(element));
            case Undefined undefined -> false;
            case null, default -> {
                for (Iterator<Object> each = iterator(container); each.hasNext(); ) {
                    if (equal(each.next(), element)) {
                        yield true;
                    }
                }
                yield false;
            }
        };
    }

    /** A key of a dict: whole floats and booleans are the int that they equal. */
    static Object key(Object value) {
        return switch (value) {
            case Boolean bool -> bool ? 1L : 0L;
            case Double number when number == Math.rint(number) && Math.abs(number) < 1e15 -> number.longValue();
            case Tuple tuple -> new Tuple(tuple.stream().map(Values::key).toList());
            case List<?> list -> throw new TemplateException("a list cannot be a key");
            case Map<?, ?> map -> throw new TemplateException("a dict cannot be a key");
            case null, default -> value;
        };
    }

    static Iterator<Object> iterator(Object value) {
        return switch (value) {
            case Text text -> text.characters().iterator();
            case List<?> list -> new ArrayList<Object>(list).iterator();
            case Map<?, ?> map -> new ArrayList<Object>(map.keySet()).iterator();
            case View view -> view.elements().iterator();
            case Generator generator -> generator.elements();
            case Undefined undefined -> Collections.emptyIterator();
            case null, default -> throw new TemplateException("'" + type(value) + "' object is not iterable");
        };
    }

    static List<Object> elements(Object value) {
        List<Object> elements = new ArrayList<>();
        iterator(value).forEachRemaining(elements::add);
        return elements;
    }

    static long length(Object value) {
        return switch (value) {
            case Text text -> text.length();
            case List<?> list -> list.size();
            case Map<?, ?> map -> map.size();
            case View view -> view.elements().size();
            case Undefined undefined -> 0;
            case LoopContext loop -> loop.size();
            case null, default -> throw new TemplateException("object of type '" + type(value) + "' has no len()");
        };
    }
}
