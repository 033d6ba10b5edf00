package io.karipap.grammar;

import java.util.BitSet;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * Follows one text through its grammar, for whoever draws tokens without an engine. Not thread-safe.
 *
 * @since 0.1
 */
public final class GrammarCursor {
    /** Masks that are kept: texts go through few states again and again. */
    private static final int MAX_MASKS = 128;

    private final VocabularyTrie vocabulary;
    private final Map<GrammarState, BitSet> masks = new IdentityHashMap<>();
    private GrammarState state;

    /** Stands before the first byte of a text of {@code grammar}. */
    public GrammarCursor(Grammar grammar, VocabularyTrie vocabulary) {
        this.vocabulary = vocabulary;
        this.state = GrammarState.start(grammar);
    }

    /** Tokens that may come next; not to be changed. */
    public BitSet allowed() {
        BitSet mask = masks.get(state);
        if (mask == null) {
            if (masks.size() == MAX_MASKS) {
                masks.clear();
            }
            mask = vocabulary.allowed(state);
            masks.put(state, mask);
        }
        return mask;
    }

    /** Whether the text may end here. */
    public boolean complete() {
        return state.complete();
    }

    /** Whether the text must end here. */
    public boolean finished() {
        return state.finished();
    }

    /**
     * Goes on by the bytes of a token.
     *
     * @throws IllegalArgumentException if the grammar does not allow them
     */
    public void accept(byte[] token) {
        for (byte each : token) {
            GrammarState next = state.next(each & 0xff);
            if (next == null) {
                throw new IllegalArgumentException("the grammar does not allow the byte " + (each & 0xff) + " here");
            }
            state = next;
        }
    }
}
