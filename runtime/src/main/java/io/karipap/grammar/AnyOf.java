package io.karipap.grammar;

import java.util.List;

/** Any one of the options. */
record AnyOf(List<Grammar> options) implements Grammar {
    AnyOf {
        options = List.copyOf(options);
    }
}
