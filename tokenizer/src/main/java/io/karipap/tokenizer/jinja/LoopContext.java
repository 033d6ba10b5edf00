package io.karipap.tokenizer.jinja;

import java.util.List;

/** The variable {@code loop}. */
final class LoopContext {
    private final List<Object> elements;
    private final int depth;
    private final Function recursion;
    private int index;
    private List<Object> lastChanged;

    /**
     * @param depth of recursive loops, from 0
     * @param recursion goes into an element of a recursive loop; null for others
     */
    LoopContext(List<Object> elements, int depth, Function recursion) {
        this.elements = elements;
        this.depth = depth;
        this.recursion = recursion;
    }

    int size() {
        return elements.size();
    }

    void moveTo(int position) {
        index = position;
    }

    Object call(Arguments arguments) {
        if (recursion == null) {
            throw new TemplateException("the loop must be marked 'recursive' to be called");
        }
        return recursion.call(arguments);
    }

    Object attribute(String name) {
        long last = elements.size() - 1L;
        return switch (name) {
            case "index" -> index + 1L;
            case "index0" -> (long) index;
            case "revindex" -> last - index + 1;
            case "revindex0" -> last - index;
            case "first" -> index == 0;
            case "last" -> index == last;
            case "length" -> (long) elements.size();
            case "depth" -> depth + 1L;
            case "depth0" -> (long) depth;
            case "previtem" -> index > 0 ? elements.get(index - 1) : new Undefined("there is no previous item");
            case "nextitem" -> index < last ? elements.get(index + 1) : new Undefined("there is no next item");
            case "cycle" -> (Function) this::cycle;
            case "changed" -> (Function) this::changed;
            default -> new Undefined("'LoopContext' has no attribute '" + name + "'");
        };
    }

    private Object cycle(Arguments arguments) {
        if (arguments.positional().isEmpty()) {
            throw new TemplateException("no items for cycling given");
        }
        return arguments.positional().get(index % arguments.positional().size());
    }

    private Object changed(Arguments arguments) {
        boolean changed = lastChanged == null || !Values.equal(lastChanged, arguments.positional());
        lastChanged = arguments.positional();
        return changed;
    }
}
