package io.karipap.grammar;

/**
 * {@code min} to {@code max} times the element.
 *
 * @param max {@link Grammar#UNBOUNDED} for any number
 */
record Repetition(Grammar element, int min, int max) implements Grammar {
    /** @throws IllegalArgumentException if min is negative or more than max */
    Repetition {
        if (min < 0 || min > max) {
            throw new IllegalArgumentException("a repetition of " + min + ".." + max + " times");
        }
    }
}
