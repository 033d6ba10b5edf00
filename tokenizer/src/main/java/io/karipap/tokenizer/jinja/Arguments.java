package io.karipap.tokenizer.jinja;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Arguments of a call.
 *
 * @param positional in order
 * @param named by name
 */
record Arguments(List<Object> positional, Map<String, Object> named) {
    static final Arguments NONE = new Arguments(List.of(), Map.of());

    static Arguments of(Object... positional) {
        return new Arguments(Arrays.asList(positional), Map.of());
    }

    /**
     * The arguments by parameter, in the order of {@code parameters}; {@link #ABSENT} for one that is not given.
     *
     * @throws TemplateException if there are too many, one twice, or one of another name
     */
    Object[] bind(String function, String... parameters) {
        if (positional.size() > parameters.length) {
            throw new TemplateException(
                    function + "() takes at most " + parameters.length + " arguments, " + positional.size() + " given");
        }
        Object[] values = new Object[parameters.length];
        Set<String> unknown = new LinkedHashSet<>(named.keySet());
        for (int i = 0; i < parameters.length; i++) {
            String name = parameters[i];
            boolean byName = unknown.remove(name);
            if (byName && i < positional.size()) {
                throw new TemplateException(function + "() got two values of '" + name + "'");
            }
            values[i] = i < positional.size() ? positional.get(i) : byName ? named.get(name) : ABSENT;
        }
        if (!unknown.isEmpty()) {
            throw new TemplateException(
                    function + "() has no parameter '" + unknown.iterator().next() + "'");
        }
        return values;
    }

    /** As {@link #bind}, the first {@code required} of which must be given. */
    Object[] bind(String function, int required, String... parameters) {
        Object[] values = bind(function, parameters);
        for (int i = 0; i < required; i++) {
            if (values[i] == ABSENT) {
                throw new TemplateException(function + "() misses its argument '" + parameters[i] + "'");
            }
        }
        return values;
    }

    /** These without the first positional one. */
    Arguments rest() {
        return new Arguments(positional.subList(1, positional.size()), named);
    }

    /** These with another positional one before them. */
    Arguments after(Object first) {
        List<Object> all = new ArrayList<>();
        all.add(first);
        all.addAll(positional);
        return new Arguments(all, new LinkedHashMap<>(named));
    }

    /** Stands for an argument that was not given. */
    static final Object ABSENT = new Object();

    static Object orElse(Object value, Object other) {
        return value == ABSENT ? other : value;
    }
}
