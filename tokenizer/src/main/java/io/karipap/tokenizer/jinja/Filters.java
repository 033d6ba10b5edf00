package io.karipap.tokenizer.jinja;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Filters: Jinja's own and the {@code tojson} of transformers. */
final class Filters {
    private static final Text BLANK = Text.of(" ");

    /** A filter with what it needs of the evaluation. */
    @FunctionalInterface
    private interface Filter {
        Object apply(Filters filters, Object value, Arguments arguments);
    }

    private static final Map<String, Filter> FILTERS = filters();

    private final Evaluator evaluator;
    private final Budget budget;

    Filters(Evaluator evaluator, Budget budget) {
        this.evaluator = evaluator;
        this.budget = budget;
    }

    static boolean has(String name) {
        return FILTERS.containsKey(name);
    }

    Object apply(String name, Object value, Arguments arguments) {
        Filter filter = FILTERS.get(name);
        if (filter == null) {
            throw new TemplateException("there is no filter '" + name + "'");
        }
        return filter.apply(this, value, arguments);
    }

    private static Map<String, Filter> filters() {
        Map<String, Filter> filters = new HashMap<>();
        texts(filters);
        numbers(filters);
        sequences(filters);
        selections(filters);
        filters.put("default", (f, value, a) -> {
            Object[] bound = a.bind("default", "default_value", "boolean");
            boolean replaced = value instanceof Undefined
                    || Values.isTrue(Arguments.orElse(bound[1], false)) && !Values.isTrue(value);
            return replaced ? Arguments.orElse(bound[0], Text.EMPTY) : value;
        });
        filters.put("d", filters.get("default"));
        filters.put(
                "attr",
                (f, value, a) -> f.evaluator.attributeOnly(
                        value,
                        Values.text(a.bind("attr", 1, "name")[0], "the name of an attribute")
                                .value()));
        filters.put("tojson", Filters::toJson);
        return Map.copyOf(filters);
    }

    // texts

    private static void texts(Map<String, Filter> filters) {
        method(filters, "upper", "upper");
        method(filters, "lower", "lower");
        method(filters, "title", "title");
        filters.put("capitalize", (f, value, a) -> {
            a.bind("capitalize");
            Text text = Repr.str(value);
            return text.changedTo(StringMethods.capitalize(text.value()));
        });
        filters.put("title", (f, value, a) -> {
            a.bind("title");
            return title(Repr.str(value));
        });
        filters.put("trim", (f, value, a) -> {
            Object chars = Arguments.orElse(a.bind("trim", "chars")[0], null);
            return f.evaluator
                    .strings()
                    .call(Repr.str(value), "strip", chars == null ? Arguments.NONE : Arguments.of(chars));
        });
        filters.put("replace", (f, value, a) -> {
            Object[] bound = a.bind("replace", 2, "old", "new", "count");
            return f.evaluator
                    .strings()
                    .replace(
                            Repr.str(value),
                            Repr.str(bound[0]),
                            Repr.str(bound[1]),
                            Arguments.orElse(bound[2], null) == null ? -1 : Values.integer(bound[2], "count"));
        });
        filters.put("string", (f, value, a) -> Repr.str(value));
        filters.put("safe", (f, value, a) -> Repr.str(value).asMarkup(true));
        filters.put("escape", (f, value, a) -> Repr.str(value).escaped());
        filters.put("e", filters.get("escape"));
        filters.put(
                "forceescape", (f, value, a) -> Repr.str(value).asMarkup(false).escaped());
        filters.put("center", (f, value, a) -> f.evaluator
                .strings()
                .justified(
                        Repr.str(value),
                        Values.integer(Arguments.orElse(a.bind("center", "width")[0], 80L), "width"),
                        BLANK,
                        "center"));
        filters.put("indent", Filters::indent);
        filters.put("format", (f, value, a) -> new Formatting(f.budget)
                .percent(Repr.str(value), a.named().isEmpty() ? new Tuple(a.positional()) : named(a.named())));
        filters.put("truncate", Filters::truncate);
        filters.put("wordcount", (f, value, a) -> Pattern.compile("\\w+", Pattern.UNICODE_CHARACTER_CLASS)
                .matcher(Repr.str(value).value())
                .results()
                .count());
        filters.put("urlencode", (f, value, a) -> urlEncoded(Repr.str(value)));
        filters.put("striptags", (f, value, a) -> {
            Text text = Repr.str(value);
            String stripped = text.value()
                    .replaceAll("(?s)<!--.*?-->|<[^>]*>", "")
                    .strip()
                    .replaceAll("\\s+", " ");
            return text.changedTo(stripped);
        });
    }

    private static void method(Map<String, Filter> filters, String filter, String method) {
        filters.put(filter, (f, value, a) -> f.evaluator.strings().call(Repr.str(value), method, a));
    }

    /** First letters of words upper, the others lower; a word begins after blanks, hyphens and brackets. */
    private static Text title(Text text) {
        StringBuilder changed = new StringBuilder();
        boolean begins = true;
        for (int i = 0; i < text.value().length(); ) {
            int c = text.value().codePointAt(i);
            changed.append(
                    begins
                            ? Character.toString(c).toUpperCase(Locale.ROOT)
                            : Character.toString(c).toLowerCase(Locale.ROOT));
            begins = Spaces.is(c) || "-([{<".indexOf(c) >= 0;
            i += Character.charCount(c);
        }
        return text.changedTo(changed.toString());
    }

    private static Object named(Map<String, Object> values) {
        Map<Object, Object> map = new LinkedHashMap<>();
        values.forEach((key, value) -> map.put(Text.of(key), value));
        return map;
    }

    private static Object indent(Filters f, Object value, Arguments a) {
        Object[] bound = a.bind("indent", "width", "first", "blank");
        Object width = Arguments.orElse(bound[0], 4L);
        boolean first = Values.isTrue(Arguments.orElse(bound[1], false));
        boolean blank = Values.isTrue(Arguments.orElse(bound[2], false));
        Text indentation;
        if (width instanceof Text text) {
            indentation = text;
        } else {
            long blanks = Math.max(0, Values.integer(width, "width"));
            f.budget.make(blanks);
            indentation = Text.of(" ".repeat((int) blanks));
        }
        Text text = Values.text(value, "what is indented").plus(Text.of("\n")); // so that a last empty line is kept
        List<Object> lines = Values.elements(f.evaluator.strings().call(text, "splitlines", Arguments.NONE));
        Text.Builder result = new Text.Builder();
        for (int i = 0; i < lines.size(); i++) {
            Text line = (Text) lines.get(i);
            boolean indented = i == 0 ? first : blank || !line.isEmpty();
            f.budget.make(indentation.value().length() + 1L);
            result.append(i == 0 ? "" : "\n");
            if (indented) {
                result.append(indentation);
            }
            result.append(line);
        }
        return result.build();
    }

    private static Object truncate(Filters f, Object value, Arguments a) {
        Object[] bound = a.bind("truncate", "length", "killwords", "end", "leeway");
        long length = Values.integer(Arguments.orElse(bound[0], 255L), "length");
        boolean killWords = Values.isTrue(Arguments.orElse(bound[1], false));
        Text end = Values.text(Arguments.orElse(bound[2], Text.of("...")), "end");
        long leeway = Values.integer(Arguments.orElse(bound[3], 5L), "leeway");
        if (length < end.length() || leeway < 0) {
            throw new TemplateException("truncate expects a length of at least " + end.length());
        }
        if (Values.length(value) <= length + leeway) {
            return value;
        }
        Text text = Values.text(value, "what is truncated");
        Text cut = text.slice(0, text.offset((int) (length - end.length())));
        if (!killWords) {
            int blank = cut.value().lastIndexOf(' ');
            cut = blank < 0 ? cut : cut.slice(0, blank);
        }
        return cut.plus(end);
    }

    private static Text urlEncoded(Text text) {
        String encoded = URLEncoder.encode(text.value(), StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("%2F", "/")
                .replace("%7E", "~")
                .replace("*", "%2A");
        return text.changedTo(encoded);
    }

    private static Object toJson(Filters f, Object value, Arguments a) {
        Object[] bound = a.bind("tojson", "ensure_ascii", "indent", "separators", "sort_keys");
        Object indent = Arguments.orElse(bound[1], null);
        int width = indent == null ? -1 : Math.clamp(Values.integer(indent, "indent"), 0, 16);
        String items = width < 0 ? ", " : ",";
        String keys = ": ";
        if (Arguments.orElse(bound[2], null) instanceof List<?> separators && separators.size() == 2) {
            items = Values.text(separators.get(0), "a separator").value();
            keys = Values.text(separators.get(1), "a separator").value();
        }
        boolean sort = Values.isTrue(Arguments.orElse(bound[3], false));
        Text json = new JsonText(width, items, keys, sort).write(Values.defined(value));
        f.budget.make(json.value().length());
        if (Values.isTrue(Arguments.orElse(bound[0], false))) {
            Text.Builder ascii = new Text.Builder();
            for (int i = 0; i < json.value().length(); i++) {
                char c = json.value().charAt(i);
                ascii.append(c < 128 ? String.valueOf(c) : String.format("\\u%04x", (int) c), json, i);
            }
            return ascii.build();
        }
        return json;
    }

    // numbers

    private static void numbers(Map<String, Filter> filters) {
        filters.put("abs", (f, value, a) -> switch (Values.defined(value)) {
            case Long number -> Math.abs(number);
            case Double number -> Math.abs(number);
            case Boolean bool -> bool ? 1L : 0L;
            case null, default ->
                throw new TemplateException("bad operand type for abs(): '" + Values.type(value) + "'");
        });
        filters.put("int", Filters::toInt);
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
        filters.put("round", Filters::round);
        filters.put("sum", (f, value, a) -> {
            Object[] bound = a.bind("sum", "attribute", "start");
            Object sum = Arguments.orElse(bound[1], 0L);
            Arithmetic arithmetic = new Arithmetic(f.budget);
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

    // sequences

    private static void sequences(Map<String, Filter> filters) {
        filters.put("length", (f, value, a) -> {
            a.bind("length");
            return Values.length(value);
        });
        filters.put("count", filters.get("length"));
        filters.put("list", (f, value, a) -> {
            a.bind("list");
            List<Object> elements = Values.elements(value);
            f.budget.make(elements.size());
            return elements;
        });
        filters.put("items", (f, value, a) -> {
            a.bind("items");
            if (value instanceof Undefined) {
                return new Generator(Collections.emptyIterator());
            }
            if (!(value instanceof Map<?, ?> map)) {
                throw new TemplateException("Can only get item pairs from a mapping.");
            }
            return new Generator(Values.iterator(CollectionMethods.call(map, "items", Arguments.NONE)));
        });
        filters.put("first", (f, value, a) -> {
            a.bind("first");
            Iterator<Object> elements = Values.iterator(value);
            return elements.hasNext() ? elements.next() : new Undefined("No first item, sequence was empty.");
        });
        filters.put("last", (f, value, a) -> {
            a.bind("last");
            if (value instanceof Generator) {
                throw new TemplateException("'generator' object is not reversible");
            }
            List<Object> elements = Values.elements(value);
            return elements.isEmpty() ? new Undefined("No last item, sequence was empty.") : elements.getLast();
        });
        filters.put("join", Filters::join);
        filters.put("reverse", (f, value, a) -> {
            a.bind("reverse");
            List<Object> elements = Values.elements(Values.defined(value)).reversed();
            if (value instanceof Text) {
                Text.Builder reversed = new Text.Builder();
                elements.forEach(each -> reversed.append((Text) each));
                return reversed.build();
            }
            return new Generator(elements.iterator());
        });
        filters.put("sort", (f, value, a) -> {
            Object[] bound = a.bind("sort", "reverse", "case_sensitive", "attribute");
            return f.sorted(
                    Values.elements(value),
                    Arguments.orElse(bound[2], null),
                    Values.isTrue(Arguments.orElse(bound[1], false)),
                    Values.isTrue(Arguments.orElse(bound[0], false)));
        });
        filters.put("dictsort", Filters::dictSort);
        filters.put("unique", Filters::unique);
        filters.put("min", (f, value, a) -> f.extreme(value, a, "min", -1));
        filters.put("max", (f, value, a) -> f.extreme(value, a, "max", 1));
        filters.put("batch", Filters::batch);
        filters.put("slice", Filters::slices);
        filters.put("groupby", Filters::groupBy);
    }

    private static Object join(Filters f, Object value, Arguments a) {
        Object[] bound = a.bind("join", "d", "attribute");
        Text separator = Repr.str(Arguments.orElse(bound[0], Text.EMPTY));
        Object attribute = Arguments.orElse(bound[1], null);
        Text.Builder result = new Text.Builder();
        boolean first = true;
        for (Iterator<Object> each = Values.iterator(value); each.hasNext(); ) {
            if (!first) {
                result.append(separator);
            }
            Text text = Repr.str(f.attribute(each.next(), attribute));
            f.budget.make(text.value().length() + separator.value().length());
            result.append(text);
            first = false;
        }
        return result.build();
    }

    /** What a filter looks at: the element, or an attribute of it, named with dots. */
    private Object attribute(Object element, Object attribute) {
        if (attribute == null) {
            return element;
        }
        if (attribute instanceof Long index) {
            return evaluator.item(element, index);
        }
        Object value = element;
        for (String part : Values.text(attribute, "attribute").value().split("\\.", -1)) {
            boolean isIndex = !part.isEmpty() && part.chars().allMatch(Character::isDigit) && part.length() < 10;
            value = evaluator.item(value, isIndex ? (Object) Long.parseLong(part) : Text.of(part));
        }
        return value;
    }

    /** For comparing texts without regard to case. */
    private static Object folded(Object value, boolean caseSensitive) {
        return !caseSensitive && value instanceof Text text
                ? Text.of(text.value().toLowerCase(Locale.ROOT))
                : value;
    }

    private List<Object> sorted(List<Object> elements, Object attribute, boolean caseSensitive, boolean descending) {
        List<Object> keys = new ArrayList<>();
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < elements.size(); i++) {
            keys.add(sortKey(elements.get(i), attribute, caseSensitive));
            order.add(i);
        }
        Comparator<Integer> byKey = (x, y) -> {
            budget.step();
            return Values.compare(keys.get(x), keys.get(y), "<");
        };
        order.sort(descending ? byKey.reversed() : byKey);
        List<Object> sorted = new ArrayList<>();
        order.forEach(i -> sorted.add(elements.get(i)));
        return sorted;
    }

    /** Elements in the order of an attribute that all of them must have. */
    private List<Object> byKey(Object value, Object attribute, boolean caseSensitive) {
        List<Object> elements = Values.elements(value);
        if (elements.size() > 1) {
            elements.forEach(element -> Values.defined(attribute(element, attribute)));
        }
        return sorted(elements, attribute, caseSensitive, false);
    }

    private Object sortKey(Object element, Object attribute, boolean caseSensitive) {
        List<Object> parts = new ArrayList<>();
        if (attribute instanceof Text names) {
            for (String name : names.value().split(",", -1)) {
                parts.add(folded(attribute(element, Text.of(name)), caseSensitive));
            }
        } else {
            parts.add(folded(attribute(element, attribute), caseSensitive));
        }
        return parts;
    }

    private static Object dictSort(Filters f, Object value, Arguments a) {
        Object[] bound = a.bind("dictsort", "case_sensitive", "by", "reverse");
        boolean caseSensitive = Values.isTrue(Arguments.orElse(bound[0], false));
        String by =
                Values.text(Arguments.orElse(bound[1], Text.of("key")), "by").value();
        if (!by.equals("key") && !by.equals("value")) {
            throw new TemplateException("You can only sort by either \"key\" or \"value\"");
        }
        if (!(Values.defined(value) instanceof Map<?, ?> map)) {
            throw new TemplateException("dictsort expects a dict");
        }
        return f.sorted(
                Values.elements(CollectionMethods.call(map, "items", Arguments.NONE)),
                by.equals("key") ? 0L : 1L,
                caseSensitive,
                Values.isTrue(Arguments.orElse(bound[2], false)));
    }

    private static Object unique(Filters f, Object value, Arguments a) {
        Object[] bound = a.bind("unique", "case_sensitive", "attribute");
        boolean caseSensitive = Values.isTrue(Arguments.orElse(bound[0], false));
        Set<Object> seen = new LinkedHashSet<>();
        List<Object> unique = new ArrayList<>();
        for (Object element : Values.elements(value)) {
            if (seen.add(Values.key(folded(f.attribute(element, Arguments.orElse(bound[1], null)), caseSensitive)))) {
                unique.add(element);
            }
        }
        return new Generator(unique.iterator());
    }

    private Object extreme(Object value, Arguments a, String name, int sign) {
        Object[] bound = a.bind(name, "case_sensitive", "attribute");
        boolean caseSensitive = Values.isTrue(Arguments.orElse(bound[0], false));
        Object best = null;
        Object bestKey = null;
        boolean any = false;
        for (Object element : Values.elements(value)) {
            Object key = folded(attribute(element, Arguments.orElse(bound[1], null)), caseSensitive);
            if (!any || Values.compare(key, bestKey, sign < 0 ? "<" : ">") == sign) {
                best = element;
                bestKey = key;
            }
            any = true;
        }
        return any ? best : new Undefined("No aggregated item, sequence was empty.");
    }

    private static Object batch(Filters f, Object value, Arguments a) {
        Object[] bound = a.bind("batch", 1, "linecount", "fill_with");
        long size = Values.integer(bound[0], "linecount");
        Object fill = Arguments.orElse(bound[1], null);
        List<Object> batches = new ArrayList<>();
        List<Object> batch = new ArrayList<>();
        for (Object element : Values.elements(value)) {
            if (batch.size() == size) {
                batches.add(batch);
                batch = new ArrayList<>();
            }
            batch.add(element);
        }
        if (!batch.isEmpty()) {
            if (fill != null) {
                f.budget.make(size);
                while (batch.size() < size) {
                    batch.add(fill);
                }
            }
            batches.add(batch);
        }
        return new Generator(batches.iterator());
    }

    private static Object slices(Filters f, Object value, Arguments a) {
        Object[] bound = a.bind("slice", 1, "slices", "fill_with");
        long count = Values.integer(bound[0], "slices");
        Object fill = Arguments.orElse(bound[1], null);
        if (count < 1) {
            throw new TemplateException("slice expects at least 1 slice");
        }
        f.budget.make(count);
        List<Object> elements = Values.elements(value);
        int each = (int) (elements.size() / count);
        int larger = (int) (elements.size() % count);
        List<Object> slices = new ArrayList<>();
        int at = 0;
        for (int i = 0; i < count; i++) {
            int end = at + each + (i < larger ? 1 : 0);
            List<Object> slice = new ArrayList<>(elements.subList(at, end));
            if (fill != null && i >= larger) {
                slice.add(fill);
            }
            slices.add(slice);
            at = end;
        }
        return new Generator(slices.iterator());
    }

    private static Object groupBy(Filters f, Object value, Arguments a) {
        Object[] bound = a.bind("groupby", 1, "attribute", "default", "case_sensitive");
        boolean caseSensitive = Values.isTrue(Arguments.orElse(bound[2], false));
        List<Object> groups = new ArrayList<>();
        Object lastKey = null;
        List<Object> group = null;
        for (Object element : f.byKey(value, bound[0], caseSensitive)) {
            Object own = f.attribute(element, bound[0]);
            Object key = folded(own instanceof Undefined ? Arguments.orElse(bound[1], own) : own, caseSensitive);
            if (group == null || !Values.equal(key, lastKey)) {
                group = new ArrayList<>();
                groups.add(Tuple.of(own, group));
                lastKey = key;
            }
            group.add(element);
        }
        return groups;
    }

    // selections

    private static void selections(Map<String, Filter> filters) {
        filters.put("map", Filters::map);
        filters.put("select", (f, value, a) -> f.selected(value, f.condition(a, false), true));
        filters.put("reject", (f, value, a) -> f.selected(value, f.condition(a, false), false));
        filters.put("selectattr", (f, value, a) -> f.selected(value, f.condition(a, true), true));
        filters.put("rejectattr", (f, value, a) -> f.selected(value, f.condition(a, true), false));
    }

    private static Object map(Filters f, Object value, Arguments a) {
        if (!Values.isTrue(value)) {
            return new Generator(Collections.emptyIterator());
        }
        List<Object> mapped = new ArrayList<>();
        if (a.positional().isEmpty() && a.named().containsKey("attribute")) {
            for (Object element : Values.elements(value)) {
                Object attribute = f.attribute(element, a.named().get("attribute"));
                mapped.add(attribute instanceof Undefined ? a.named().getOrDefault("default", attribute) : attribute);
            }
        } else {
            if (a.positional().isEmpty()) {
                throw new TemplateException("map requires a filter argument");
            }
            String name = Values.text(a.positional().getFirst(), "the name of a filter")
                    .value();
            for (Object element : Values.elements(value)) {
                f.budget.step();
                mapped.add(f.apply(name, element, a.rest()));
            }
        }
        return new Generator(mapped.iterator());
    }

    private Predicate<Object> condition(Arguments a, boolean ofAttribute) {
        if (ofAttribute && a.positional().isEmpty()) {
            throw new TemplateException("Missing parameter for attribute name");
        }
        Object attribute = ofAttribute ? a.positional().getFirst() : null;
        Arguments test = ofAttribute ? a.rest() : a;
        if (test.positional().isEmpty()) {
            return element -> Values.isTrue(attribute(element, attribute));
        }
        String name =
                Values.text(test.positional().getFirst(), "the name of a test").value();
        return element -> evaluator.tests().holds(name, attribute(element, attribute), test.rest());
    }

    private Object selected(Object value, Predicate<Object> condition, boolean wanted) {
        List<Object> selected = new ArrayList<>();
        if (!Values.isTrue(value)) {
            return new Generator(selected.iterator());
        }
        for (Object element : Values.elements(value)) {
            budget.step();
            if (condition.test(element) == wanted) {
                selected.add(element);
            }
        }
        return new Generator(selected.iterator());
    }
}
