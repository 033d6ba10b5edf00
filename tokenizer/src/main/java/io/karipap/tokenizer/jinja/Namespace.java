package io.karipap.tokenizer.jinja;

import java.util.HashMap;
import java.util.Map;

/** The only object whose attributes a template may set. */
record Namespace(Map<Text, Object> attributes) {
    Namespace() {
        this(new HashMap<>());
    }
}
