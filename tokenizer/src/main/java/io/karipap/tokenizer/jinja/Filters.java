package io.karipap.tokenizer.jinja;

import java.util.HashMap;
import java.util.Map;

/** Filters: Jinja's own and the {@code tojson} of transformers. */
final class Filters {
    /** A filter with what it needs of the evaluation. */
    @FunctionalInterface
    interface Filter {
        Object apply(Filters filters, Object value, Arguments arguments);
    }

    private static final Map<String, Filter> FILTERS = filters();

    private final Evaluator evaluator;
    private final Budget budget;

    Filters(Evaluator evaluator, Budget budget) {
        this.evaluator = evaluator;
        this.budget = budget;
    }

    Evaluator evaluator() {
        return evaluator;
    }

    Budget budget() {
        return budget;
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
        TextFilters.define(filters);
        NumberFilters.define(filters);
        SequenceFilters.define(filters);
        SelectionFilters.define(filters);
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
        filters.put("tojson", TextFilters::toJson);
        return Map.copyOf(filters);
    }

    /** What a filter looks at: the element, or an attribute of it, named with dots. */
    Object attribute(Object element, Object attribute) {
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
}
