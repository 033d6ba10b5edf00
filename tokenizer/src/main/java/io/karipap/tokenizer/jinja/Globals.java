package io.karipap.tokenizer.jinja;

import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Functions that every template can call. */
final class Globals {
    private Globals() {}

    static void define(Frame frame, LocalDateTime now) {
        frame.set("range", (Function) Globals::range);
        frame.set("dict", (Function) Globals::dict);
        frame.set("namespace", (Function) arguments -> {
            Namespace namespace = new Namespace();
            dict(arguments).forEach((key, value) -> namespace.attributes().put(Values.text(key, "a name"), value));
            return namespace;
        });
        frame.set("joiner", (Function) Globals::joiner);
        frame.set("raise_exception", (Function) arguments -> {
            throw new Refusal(
                    Repr.str(arguments.bind("raise_exception", 1, "message")[0]).value());
        });
        frame.set("strftime_now", (Function) arguments -> Text.of(TimeFormat.format(
                Values.text(arguments.bind("strftime_now", 1, "format")[0], "the format")
                        .value(),
                now)));
    }

    private static Object range(Arguments arguments) {
        Object[] a = arguments.bind("range", 1, "start", "stop", "step");
        long first = Values.integer(a[0], "a bound of range");
        if (a[1] == Arguments.ABSENT) {
            return new Range(0, first, 1);
        }
        return new Range(
                first,
                Values.integer(a[1], "a bound of range"),
                a[2] == Arguments.ABSENT ? 1 : Values.integer(a[2], "the step of range"));
    }

    private static Map<Object, Object> dict(Arguments arguments) {
        Map<Object, Object> map = new LinkedHashMap<>();
        if (arguments.positional().size() > 1) {
            throw new TemplateException("dict expected at most 1 argument");
        }
        for (Object source : arguments.positional()) {
            if (source instanceof Map<?, ?> other) {
                map.putAll(other);
            } else {
                for (Object pair : Values.elements(Values.defined(source))) {
                    List<Object> both = Values.elements(pair);
                    if (both.size() != 2) {
                        throw new TemplateException("dict expects pairs of a key and a value");
                    }
                    map.put(Values.key(both.get(0)), both.get(1));
                }
            }
        }
        arguments.named().forEach((key, value) -> map.put(Text.of(key), value));
        return map;
    }

    private static Object joiner(Arguments arguments) {
        Object separator = Arguments.orElse(arguments.bind("joiner", "sep")[0], Text.of(", "));
        boolean[] used = new boolean[1];
        return (Function) none -> {
            Object result = used[0] ? separator : Text.EMPTY;
            used[0] = true;
            return result;
        };
    }
}
