package io.karipap.grammar;

/**
 * What may happen when the rule at hand ends: it returns to any of several positions, each with a stack of its own (a node of a
 * graph-structured stack). Made by {@link Stacks}, which makes no two that are alike, so stacks are compared by identity.
 */
final class Stack {
    /** A position that stands for the end of the text. */
    static final int NOWHERE = -1;

    private final int[] positions;
    private final int[] counts;
    private final Stack[] below;
    private final int hash;
    private final int id;

    /**
     * @param positions where it returns to
     * @param counts counters there
     * @param below the stacks there; null at the end of the text
     * @param id increases with every stack that is made
     */
    Stack(int[] positions, int[] counts, Stack[] below, int id) {
        this.positions = positions;
        this.counts = counts;
        this.below = below;
        this.id = id;
        int code = 1;
        for (int i = 0; i < positions.length; i++) {
            code = ((code * 31 + positions[i]) * 31 + counts[i]) * 31 + (below[i] == null ? 0 : below[i].id);
        }
        this.hash = code * 0x9E3779B9;
    }

    int frames() {
        return positions.length;
    }

    int position(int frame) {
        return positions[frame];
    }

    int count(int frame) {
        return counts[frame];
    }

    Stack below(int frame) {
        return below[frame];
    }

    int id() {
        return id;
    }

    int structureHash() {
        return hash;
    }

    boolean sameStructure(Stack other) {
        if (hash != other.hash || positions.length != other.positions.length) {
            return false;
        }
        for (int i = 0; i < positions.length; i++) {
            if (positions[i] != other.positions[i] || counts[i] != other.counts[i] || below[i] != other.below[i]) {
                return false;
            }
        }
        return true;
    }
}
