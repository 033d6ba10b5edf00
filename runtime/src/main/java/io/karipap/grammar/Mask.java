package io.karipap.grammar;

import java.util.BitSet;
import java.util.List;

/**
 * Tokens that may come next: sets that are shared, and single tokens.
 *
 * @param sets not to be changed
 * @param size bytes of memory, those of shared sets left out
 */
record Mask(List<BitSet> sets, int[] tokens, int size) {
    void addTo(BitSet mask) {
        sets.forEach(mask::or);
        for (int token : tokens) {
            mask.set(token);
        }
    }
}
