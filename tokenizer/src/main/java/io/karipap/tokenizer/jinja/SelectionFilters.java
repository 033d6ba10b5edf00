package io.karipap.tokenizer.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Filters that apply a filter or a test to every element. */
final class SelectionFilters {
    private SelectionFilters() {}

    static void define(Map<String, Filters.Filter> filters) {
        filters.put("map", SelectionFilters::map);
        filters.put("select", (f, value, a) -> selected(f, value, condition(f, a, false), true));
        filters.put("reject", (f, value, a) -> selected(f, value, condition(f, a, false), false));
        filters.put("selectattr", (f, value, a) -> selected(f, value, condition(f, a, true), true));
        filters.put("rejectattr", (f, value, a) -> selected(f, value, condition(f, a, true), false));
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
                f.budget().step();
                mapped.add(f.apply(name, element, a.rest()));
            }
        }
        return new Generator(mapped.iterator());
    }

    private static Predicate<Object> condition(Filters f, Arguments a, boolean ofAttribute) {
        if (ofAttribute && a.positional().isEmpty()) {
            throw new TemplateException("Missing parameter for attribute name");
        }
        Object attribute = ofAttribute ? a.positional().getFirst() : null;
        Arguments test = ofAttribute ? a.rest() : a;
        if (test.positional().isEmpty()) {
            return element -> Values.isTrue(f.attribute(element, attribute));
        }
        String name =
                Values.text(test.positional().getFirst(), "the name of a test").value();
        return element -> f.evaluator().tests().holds(name, f.attribute(element, attribute), test.rest());
    }

    private static Object selected(Filters f, Object value, Predicate<Object> condition, boolean wanted) {
        List<Object> selected = new ArrayList<>();
        if (!Values.isTrue(value)) {
            return new Generator(selected.iterator());
        }
        for (Object element : Values.elements(value)) {
            f.budget().step();
            if (condition.test(element) == wanted) {
                selected.add(element);
            }
        }
        return new Generator(selected.iterator());
    }
}
