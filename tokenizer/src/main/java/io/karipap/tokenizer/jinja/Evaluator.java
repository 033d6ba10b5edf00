package io.karipap.tokenizer.jinja;

import io.karipap.tokenizer.jinja.Expression.*;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Values of expressions. */
final class Evaluator {
    private final Budget budget;
    private final Arithmetic arithmetic;
    private final StringMethods strings;
    private final Filters filters;
    private final Tests tests;

    Evaluator(Budget budget) {
        this.budget = budget;
        this.arithmetic = new Arithmetic(budget);
        this.strings = new StringMethods(budget);
        this.filters = new Filters(this, budget);
        this.tests = new Tests(arithmetic);
    }

    StringMethods strings() {
        return strings;
    }

    Tests tests() {
        return tests;
    }

    /** A method that is not called yet. */
    private record Method(Object object, String name) {}

    Object evaluate(Expression expression, Frame frame) {
        budget.step();
        try {
            return switch (expression) {
                case Constant constant -> constant.value();
                case Name name -> frame.get(name.name());
                case TupleOf tuple -> new Tuple(all(tuple.elements(), frame));
                case ListOf list -> all(list.elements(), frame);
                case DictOf dict -> dict(dict, frame);
                case Attribute attribute -> attribute(evaluate(attribute.object(), frame), attribute.name());
                case Item item -> item(evaluate(item.object(), frame), evaluate(item.index(), frame));
                case Slice slice -> slice(slice, frame);
                case Call call -> call(evaluate(call.function(), frame), arguments(call.arguments(), frame));
                case Filtered filtered -> filtered(filtered, evaluate(filtered.value(), frame), frame);
                case Test test ->
                    tests.holds(test.name(), evaluate(test.value(), frame), arguments(test.arguments(), frame))
                            != test.negated();
                case Not not -> !Values.isTrue(evaluate(not.value(), frame));
                case Sign sign -> Arithmetic.sign(evaluate(sign.value(), frame), sign.negative());
                case Junction junction -> {
                    Object left = evaluate(junction.left(), frame);
                    yield Values.isTrue(left) == junction.isAnd() ? evaluate(junction.right(), frame) : left;
                }
                case Binary binary ->
                    arithmetic.apply(
                            binary.operator(), evaluate(binary.left(), frame), evaluate(binary.right(), frame));
                case Concatenation concatenation -> concatenated(concatenation, frame);
                case Comparison comparison -> compared(comparison, frame);
                case Conditional conditional -> conditional(conditional, frame);
            };
        } catch (TemplateException e) {
            throw e.getMessage().startsWith("line ") ? e : new TemplateException(expression.line(), e.getMessage());
        }
    }

    private List<Object> all(List<Expression> expressions, Frame frame) {
        List<Object> values = new ArrayList<>();
        for (Expression each : expressions) {
            values.add(evaluate(each, frame));
        }
        return values;
    }

    private Object dict(DictOf dict, Frame frame) {
        Map<Object, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < dict.keys().size(); i++) {
            map.put(
                    Values.key(evaluate(dict.keys().get(i), frame)),
                    evaluate(dict.values().get(i), frame));
        }
        return map;
    }

    private Object conditional(Conditional conditional, Frame frame) {
        if (Values.isTrue(evaluate(conditional.condition(), frame))) {
            return evaluate(conditional.then(), frame);
        }
        return conditional.otherwise() == null
                ? new Undefined("the inline if-expression on line " + conditional.line()
                        + " evaluated to false and no else section was defined.")
                : evaluate(conditional.otherwise(), frame);
    }

    private Object concatenated(Concatenation concatenation, Frame frame) {
        List<Text> parts = new ArrayList<>();
        for (Expression part : concatenation.parts()) {
            parts.add(Repr.str(evaluate(part, frame)));
        }
        boolean markup = parts.stream().anyMatch(Text::markup);
        Text.Builder result = new Text.Builder();
        for (Text part : parts) {
            budget.make(part.value().length());
            result.append(markup ? part.escaped() : part);
        }
        return result.build().asMarkup(markup);
    }

    private Object compared(Comparison comparison, Frame frame) {
        Object left = evaluate(comparison.first(), frame);
        for (int i = 0; i < comparison.operators().size(); i++) {
            Object right = evaluate(comparison.others().get(i), frame);
            if (!holds(comparison.operators().get(i), left, right)) {
                return false;
            }
            left = right;
        }
        return true;
    }

    private static boolean holds(String operator, Object left, Object right) {
        return switch (operator) {
            case "==" -> Values.equal(left, right);
            case "!=" -> !Values.equal(left, right);
            case "in" -> Values.contains(right, left);
            case "not in" -> !Values.contains(right, left);
            case "<" -> Values.compare(left, right, operator) < 0;
            case "<=" -> Values.compare(left, right, operator) <= 0;
            case ">" -> Values.compare(left, right, operator) == 1;
            default -> {
                int order = Values.compare(left, right, operator);
                yield order == 0 || order == 1;
            }
        };
    }

    Object filtered(Filtered filtered, Object value, Frame frame) {
        return filters.apply(filtered.name(), value, arguments(filtered.arguments(), frame));
    }

    Arguments arguments(CallArguments written, Frame frame) {
        if (written == CallArguments.NONE) {
            return Arguments.NONE;
        }
        List<Object> positional = all(written.positional(), frame);
        Map<String, Object> named = new LinkedHashMap<>();
        for (int i = 0; i < written.names().size(); i++) {
            if (named.containsKey(written.names().get(i))) {
                throw new TemplateException("the argument '" + written.names().get(i) + "' is given twice");
            }
            named.put(written.names().get(i), evaluate(written.named().get(i), frame));
        }
        if (written.spread() != null) {
            positional.addAll(Values.elements(evaluate(written.spread(), frame)));
        }
        if (written.spreadNamed() != null) {
            if (!(Values.defined(evaluate(written.spreadNamed(), frame)) instanceof Map<?, ?> map)) {
                throw new TemplateException("the argument after ** must be a dict");
            }
            map.forEach((key, value) ->
                    named.put(Values.text(key, "the name of an argument").value(), value));
        }
        return new Arguments(positional, named);
    }

    Object call(Object function, Arguments arguments) {
        Values.defined(function);
        return switch (function) {
            case Method method -> call(method, arguments);
            case LoopContext loop -> loop.call(arguments);
            case Function callable -> {
                budget.enter();
                Object result = callable.call(arguments);
                budget.leave();
                yield result;
            }
            case null, default -> throw new TemplateException("'" + Values.type(function) + "' object is not callable");
        };
    }

    private Object call(Method method, Arguments arguments) {
        return switch (method.object()) {
            case Text text -> strings.call(text, method.name(), arguments);
            case Map<?, ?> map -> CollectionMethods.call(map, method.name(), arguments);
            case List<?> list -> CollectionMethods.call(list, method.name(), arguments);
            default -> throw new IllegalStateException(method.name());
        };
    }

    /** {@code object.name}: a method or attribute, else the item of that name. */
    private Object attribute(Object object, String name) {
        Object own = attributeOnly(object, name);
        if (!(own instanceof Undefined)) {
            return own;
        }
        return object instanceof Map<?, ?> map && map.containsKey(Text.of(name)) ? map.get(Text.of(name)) : own;
    }

    /** A method or attribute. */
    Object attributeOnly(Object object, String name) {
        Values.defined(object);
        boolean isMethod =
                switch (object) {
                    case Text text -> StringMethods.NAMES.contains(name);
                    case Map<?, ?> map -> CollectionMethods.OF_DICTS.contains(name);
                    case Tuple tuple -> CollectionMethods.OF_LISTS.contains(name) && !name.equals("copy");
                    case Range range -> CollectionMethods.OF_LISTS.contains(name) && !name.equals("copy");
                    case List<?> list -> CollectionMethods.OF_LISTS.contains(name);
                    case null, default -> false;
                };
        if (isMethod) {
            return new Method(object, name);
        }
        return switch (object) {
            case Namespace namespace
            when namespace.attributes().containsKey(Text.of(name)) ->
                namespace.attributes().get(Text.of(name));
            case LoopContext loop -> loop.attribute(name);
            case Macro macro when name.equals("name") -> Text.of(macro.name());
            case Map<?, ?> map
            when CollectionMethods.CHANGING.contains(name) && !map.containsKey(Text.of(name)) -> unsafe(object, name);
            case List<?> list
            when !(list instanceof Tuple || list instanceof Range) && CollectionMethods.CHANGING.contains(name) ->
                unsafe(object, name);
            case null, default -> new Undefined("'" + Values.type(object) + " object' has no attribute '" + name + "'");
        };
    }

    private static Undefined unsafe(Object object, String name) {
        return new Undefined("access to attribute '" + name + "' of '" + Values.type(object) + "' object is unsafe.");
    }

    /** {@code object[index]}: an item, else the method or attribute of that name. */
    Object item(Object object, Object index) {
        Values.defined(object);
        Object found =
                switch (object) {
                    case Map<?, ?> map
                    when !(index instanceof List || index instanceof Map) ->
                        map.containsKey(Values.key(index)) ? map.get(Values.key(index)) : null;
                    case List<?> list
                    when index instanceof Long || index instanceof Boolean -> {
                        long at = position(index, list.size());
                        yield at < 0 ? Undefined.name("index") : list.get((int) at);
                    }
                    case Text text
                    when index instanceof Long || index instanceof Boolean -> {
                        long at = position(index, text.length());
                        yield at < 0
                                ? Undefined.name("index")
                                : text.slice(text.offset((int) at), text.offset((int) at + 1));
                    }
                    case null, default -> Undefined.name("item");
                };
        if (found instanceof Undefined || found == null && !(object instanceof Map<?, ?> map && holdsKey(map, index))) {
            return index instanceof Text name
                    ? attributeOnly(object, name.value())
                    : new Undefined("'" + Values.type(object) + " object' has no element " + Repr.repr(index));
        }
        return found;
    }

    private static boolean holdsKey(Map<?, ?> map, Object index) {
        return !(index instanceof List || index instanceof Map) && map.containsKey(Values.key(index));
    }

    /** An index from the front, −1 if there is no such element. */
    private static long position(Object index, int size) {
        long at = Values.integer(index, "an index");
        long position = at < 0 ? at + size : at;
        return position < size ? Math.max(-1, position) : -1;
    }

    private Object slice(Slice slice, Frame frame) {
        Object object = Values.defined(evaluate(slice.object(), frame));
        Object start = slice.start() == null ? null : evaluate(slice.start(), frame);
        Object stop = slice.stop() == null ? null : evaluate(slice.stop(), frame);
        Object stride = slice.step() == null ? null : evaluate(slice.step(), frame);
        List<?> elements =
                switch (object) {
                    case Text text -> text.characters();
                    case List<?> list -> list;
                    case null, default -> null;
                };
        if (elements == null) {
            throw new TemplateException("'" + Values.type(object) + "' object is not subscriptable");
        }
        long step = stride == null ? 1 : Values.integer(stride, "a step");
        if (step == 0) {
            throw new TemplateException("slice step cannot be zero");
        }
        int size = elements.size();
        long from = bound(start, step > 0 ? 0 : size - 1, size, step);
        long to = bound(stop, step > 0 ? size : -1, size, step);
        List<Object> taken = new ArrayList<>();
        for (long i = from; step > 0 ? i < to : i > to; i += step) {
            budget.step();
            taken.add(elements.get((int) i));
        }
        if (object instanceof Text) {
            Text.Builder text = new Text.Builder();
            taken.forEach(each -> text.append((Text) each));
            return text.build();
        }
        return object instanceof Tuple ? new Tuple(taken) : taken;
    }

    private static long bound(Object value, long absent, int size, long step) {
        if (value == null) {
            return absent;
        }
        long index = Values.integer(value, "a slice index");
        long from = index < 0 ? index + size : index;
        return step > 0 ? Math.clamp(from, 0, size) : Math.clamp(from, -1, size - 1);
    }
}
