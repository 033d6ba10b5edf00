package io.karipap.tokenizer.jinja;

/** What one rendering may take; not thread-safe. */
final class Budget {
    /** Expressions and statements evaluated, elements gone through. */
    private static final long MAX_STEPS = 4_000_000;

    /** Characters of all texts made, and elements of all lists. */
    private static final long MAX_SIZE = 64L << 20;

    private static final int MAX_DEPTH = 120;

    private long steps;
    private long size;
    private int depth;

    /** @throws TemplateException if there were too many */
    void step() {
        if (++steps > MAX_STEPS) {
            throw new TemplateException("the template takes more than " + MAX_STEPS + " steps");
        }
    }

    /** Accounts for a text or list of this size before it is made. */
    void make(long elements) {
        size += elements;
        if (elements > MAX_SIZE || size > MAX_SIZE) {
            throw new TemplateException("the template makes more than " + MAX_SIZE + " characters");
        }
    }

    void enter() {
        if (++depth > MAX_DEPTH) {
            throw new TemplateException("the template calls itself more than " + MAX_DEPTH + " deep");
        }
    }

    void leave() {
        depth--;
    }
}
