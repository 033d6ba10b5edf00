package io.karipap.tokenizer.jinja;

import java.util.HashMap;
import java.util.Map;

/** Variables of a scope; those of the scopes around it are seen, and hidden by what is set here. */
final class Frame {
    private final Frame outer;
    private final Map<String, Object> variables = new HashMap<>();

    Frame(Frame outer) {
        this.outer = outer;
    }

    Object get(String name) {
        for (Frame frame = this; frame != null; frame = frame.outer) {
            Object value = frame.variables.get(name);
            if (value != null || frame.variables.containsKey(name)) {
                return value;
            }
        }
        return Undefined.name(name);
    }

    void set(String name, Object value) {
        variables.put(name, value);
    }
}
