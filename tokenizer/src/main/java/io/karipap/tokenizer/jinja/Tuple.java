package io.karipap.tokenizer.jinja;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;

/** Python's tuple: a list that is printed in parentheses and never equals a list. */
final class Tuple extends AbstractList<Object> {
    private final List<?> elements;

    Tuple(List<?> elements) {
        this.elements = elements;
    }

    static Tuple of(Object... elements) {
        return new Tuple(Arrays.asList(elements));
    }

    @Override
    public Object get(int index) {
        return elements.get(index);
    }

    @Override
    public int size() {
        return elements.size();
    }
}
