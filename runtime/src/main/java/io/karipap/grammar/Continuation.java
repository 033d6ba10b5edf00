package io.karipap.grammar;

/**
 * What is still to come: {@code head}, then {@code rest}; null stands for the end of the text. Equal if the same parts of a grammar follow:
 * parts are compared by identity, which is cheap, repetitions by what is left of them.
 */
final class Continuation {
    private final Grammar head;
    private final Continuation rest;
    private final int hash;

    Continuation(Grammar head, Continuation rest) {
        this.head = head;
        this.rest = rest;
        this.hash = hash(head) + 31 * (rest == null ? 0 : rest.hash);
    }

    Grammar head() {
        return head;
    }

    Continuation rest() {
        return rest;
    }

    private static int hash(Grammar head) {
        return head instanceof Repetition repetition
                ? (System.identityHashCode(repetition.element()) * 31 + repetition.min()) * 31 + repetition.max()
                : System.identityHashCode(head);
    }

    private static boolean same(Grammar a, Grammar b) {
        return a == b
                || a instanceof Repetition one
                        && b instanceof Repetition other
                        && one.element() == other.element()
                        && one.min() == other.min()
                        && one.max() == other.max();
    }

    @Override
    public boolean equals(Object other) {
        Continuation a = this;
        Continuation b = other instanceof Continuation continuation ? continuation : null;
        while (a != b) {
            if (a == null || b == null || a.hash != b.hash || !same(a.head, b.head)) {
                return false;
            }
            a = a.rest;
            b = b.rest;
        }
        return true;
    }

    @Override
    public int hashCode() {
        return hash;
    }
}
