package io.karipap.grammar;

import java.util.List;

/** All parts, one after the other. */
record Concatenation(List<Grammar> parts) implements Grammar {
    Concatenation {
        parts = List.copyOf(parts);
    }
}
