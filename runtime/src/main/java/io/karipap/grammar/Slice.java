package io.karipap.grammar;

import java.util.BitSet;

/**
 * What a vocabulary has to do with one state of an automaton, whatever comes after the automaton's text.
 *
 * @param inside tokens that stay within the automaton's text, if there are many
 * @param tokens the same if there are few or their elements are counted, by increasing need
 * @param needs of every one of {@code tokens} the elements that it begins; null if they are not counted
 * @param levels sets of the tokens with a need of at most 4, 8, 16, …, while that is not all of them; null if they are not counted
 * @param maxNeed the largest need of all
 * @param exits nodes that may come after the end of the automaton's text, within a token; by increasing byte
 * @param exitStart of every byte the first of its exits
 * @param exitCounts of every exit the elements before it; null if they are not counted
 * @param ends tokens that end where a closing text ends, if elements are counted
 * @param endCounts of every one of them its elements
 */
record Slice(
        BitSet inside,
        int[] tokens,
        int[] needs,
        BitSet[] levels,
        int maxNeed,
        int[] exits,
        int[] exitStart,
        int[] exitCounts,
        int[] ends,
        int[] endCounts) {
    /** The need up to which {@code levels[level]} goes. */
    static int need(int level) {
        return 4 << level;
    }

    /** Bytes of memory. */
    int size() {
        return 200
                + (inside == null ? 0 : inside.size() / 8)
                + 4 * (tokens.length + exits.length + exitStart.length + ends.length)
                + (needs == null
                        ? 0
                        : 4 * (needs.length + exitCounts.length + endCounts.length)
                                + levels.length * (inside.size() / 8));
    }
}
