package io.karipap.tokenizer.jinja;

import java.util.Set;

/** Names behind a dot that can be called. */
final class Methods {
    private static final Set<String> OF_LOOPS = Set.of("cycle", "changed");

    private Methods() {}

    /** Whether a string, list, dict or loop has a method of this name, be it one that is refused because it changes its object. */
    static boolean known(String name) {
        return StringMethods.NAMES.contains(name)
                || CollectionMethods.OF_DICTS.contains(name)
                || CollectionMethods.OF_LISTS.contains(name)
                || CollectionMethods.CHANGING.contains(name)
                || OF_LOOPS.contains(name);
    }
}
