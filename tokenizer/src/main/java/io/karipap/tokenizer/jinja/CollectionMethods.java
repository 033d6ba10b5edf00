package io.karipap.tokenizer.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Methods of lists, tuples and dicts: those that change nothing. */
final class CollectionMethods {
    static final Set<String> OF_DICTS = Set.of("get", "items", "keys", "values", "copy");
    static final Set<String> OF_LISTS = Set.of("index", "count", "copy");

    /** Known to Python and refused, as the sandbox of transformers refuses them. */
    static final Set<String> CHANGING = Set.of(
            "append",
            "clear",
            "extend",
            "insert",
            "pop",
            "popitem",
            "remove",
            "reverse",
            "setdefault",
            "sort",
            "update");

    private CollectionMethods() {}

    static Object call(Map<?, ?> map, String name, Arguments arguments) {
        return switch (name) {
            case "get" -> {
                Object[] a = arguments.bind(name, 1, "key", "default");
                Object key = Values.key(a[0]);
                yield map.containsKey(key) ? map.get(key) : Arguments.orElse(a[1], null);
            }
            case "items" -> {
                arguments.bind(name);
                List<Object> items = new ArrayList<>();
                map.forEach((key, value) -> items.add(Tuple.of(key, value)));
                yield new View("dict_items", items);
            }
            case "keys" -> {
                arguments.bind(name);
                yield new View("dict_keys", new ArrayList<>(map.keySet()));
            }
            case "values" -> {
                arguments.bind(name);
                yield new View("dict_values", new ArrayList<>(map.values()));
            }
            default -> {
                arguments.bind(name);
                yield new LinkedHashMap<Object, Object>(map);
            }
        };
    }

    static Object call(List<?> list, String name, Arguments arguments) {
        switch (name) {
            case "copy" -> {
                arguments.bind(name);
                return new ArrayList<Object>(list);
            }
            case "count" -> {
                Object asked = arguments.bind(name, 1, "value")[0];
                return list.stream().filter(each -> Values.equal(each, asked)).count();
            }
            default -> {
                Object asked = arguments.bind(name, 1, "value")[0];
                for (int i = 0; i < list.size(); i++) {
                    if (Values.equal(list.get(i), asked)) {
                        return (long) i;
                    }
                }
                throw new TemplateException("the value is not in the list");
            }
        }
    }
}
