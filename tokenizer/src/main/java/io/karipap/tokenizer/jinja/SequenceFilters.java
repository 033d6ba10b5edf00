package io.karipap.tokenizer.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Filters of lists and dicts. */
final class SequenceFilters {
    private SequenceFilters() {}

    static void define(Map<String, Filters.Filter> filters) {
        filters.put("length", (f, value, a) -> {
            a.bind("length");
            return Values.length(value);
        });
        filters.put("count", filters.get("length"));
        filters.put("list", (f, value, a) -> {
            a.bind("list");
            List<Object> elements = Values.elements(value);
            f.budget().make(elements.size());
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
        filters.put("join", SequenceFilters::join);
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
            return sorted(
                    f,
                    Values.elements(value),
                    Arguments.orElse(bound[2], null),
                    Values.isTrue(Arguments.orElse(bound[1], false)),
                    Values.isTrue(Arguments.orElse(bound[0], false)));
        });
        filters.put("dictsort", SequenceFilters::dictSort);
        filters.put("unique", SequenceFilters::unique);
        filters.put("min", (f, value, a) -> extreme(f, value, a, "min", -1));
        filters.put("max", (f, value, a) -> extreme(f, value, a, "max", 1));
        filters.put("batch", SequenceFilters::batch);
        filters.put("slice", SequenceFilters::slices);
        filters.put("groupby", SequenceFilters::groupBy);
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
            f.budget().make(text.value().length() + separator.value().length());
            result.append(text);
            first = false;
        }
        return result.build();
    }

    /** For comparing texts without regard to case. */
    private static Object folded(Object value, boolean caseSensitive) {
        return !caseSensitive && value instanceof Text text
                ? Text.of(text.value().toLowerCase(Locale.ROOT))
                : value;
    }

    private static List<Object> sorted(
            Filters f, List<Object> elements, Object attribute, boolean caseSensitive, boolean descending) {
        List<Object> keys = new ArrayList<>();
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < elements.size(); i++) {
            keys.add(sortKey(f, elements.get(i), attribute, caseSensitive));
            order.add(i);
        }
        Comparator<Integer> byKey = (x, y) -> {
            f.budget().step();
            return Values.compare(keys.get(x), keys.get(y), "<");
        };
        order.sort(descending ? byKey.reversed() : byKey);
        List<Object> sorted = new ArrayList<>();
        order.forEach(i -> sorted.add(elements.get(i)));
        return sorted;
    }

    /** Elements in the order of an attribute that all of them must have. */
    private static List<Object> byKey(Filters f, Object value, Object attribute, boolean caseSensitive) {
        List<Object> elements = Values.elements(value);
        if (elements.size() > 1) {
            elements.forEach(element -> Values.defined(f.attribute(element, attribute)));
        }
        return sorted(f, elements, attribute, caseSensitive, false);
    }

    private static Object sortKey(Filters f, Object element, Object attribute, boolean caseSensitive) {
        List<Object> parts = new ArrayList<>();
        if (attribute instanceof Text names) {
            for (String name : names.value().split(",", -1)) {
                parts.add(folded(f.attribute(element, Text.of(name)), caseSensitive));
            }
        } else {
            parts.add(folded(f.attribute(element, attribute), caseSensitive));
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
        return sorted(
                f,
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

    private static Object extreme(Filters f, Object value, Arguments a, String name, int sign) {
        Object[] bound = a.bind(name, "case_sensitive", "attribute");
        boolean caseSensitive = Values.isTrue(Arguments.orElse(bound[0], false));
        Object best = null;
        Object bestKey = null;
        boolean any = false;
        for (Object element : Values.elements(value)) {
            Object key = folded(f.attribute(element, Arguments.orElse(bound[1], null)), caseSensitive);
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
                f.budget().make(size);
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
        f.budget().make(count);
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
        for (Object element : byKey(f, value, bound[0], caseSensitive)) {
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
}
