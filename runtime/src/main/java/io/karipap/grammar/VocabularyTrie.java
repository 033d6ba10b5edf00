package io.karipap.grammar;

import io.karipap.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;

/**
 * The bytes of all tokens of a vocabulary, sorted, so that tokens with a common beginning are checked together. Special tokens are left
 * out: they are no text. Immutable and safe for any number of threads.
 *
 * @since 0.1
 */
public final class VocabularyTrie {
    private final byte[][] bytes;
    private final int[] ids;
    /** Bytes that a token has in common with the one before it. */
    private final int[] common;

    private final int longest;

    /** The vocabulary of {@code tokenizer}. */
    public VocabularyTrie(Tokenizer tokenizer) {
        record Entry(int id, byte[] bytes) {}
        List<Entry> entries = new ArrayList<>();
        for (int id = 0; id < tokenizer.vocabularySize(); id++) {
            if (tokenizer.token(id).isPresent() && !tokenizer.isSpecial(id)) {
                byte[] text = tokenizer.tokenBytes(id);
                if (text.length > 0) {
                    entries.add(new Entry(id, text));
                }
            }
        }
        entries.sort(Comparator.comparing(Entry::bytes, Arrays::compareUnsigned));
        bytes = entries.stream().map(Entry::bytes).toArray(byte[][]::new);
        ids = entries.stream().mapToInt(Entry::id).toArray();
        common = new int[ids.length];
        int max = 0;
        for (int i = 0; i < ids.length; i++) {
            max = Math.max(max, bytes[i].length);
            int same = i == 0 ? 0 : Arrays.mismatch(bytes[i - 1], bytes[i]);
            common[i] = same < 0 ? bytes[i].length : same;
        }
        longest = max;
    }

    /** Tokens that continue a text in {@code state}. */
    BitSet allowed(GrammarState state) {
        BitSet allowed = new BitSet();
        GrammarState[] path = new GrammarState[longest + 1];
        path[0] = state;
        int valid = 0; // bytes of the token before this one that the grammar allows
        for (int i = 0; i < ids.length; i++) {
            byte[] token = bytes[i];
            if (common[i] > valid) {
                continue; // it shares the byte that was refused
            }
            valid = common[i];
            while (valid < token.length) {
                GrammarState next = path[valid].next(token[valid] & 0xff);
                if (next == null) {
                    break;
                }
                path[++valid] = next;
            }
            if (valid == token.length) {
                allowed.set(ids[i]);
            }
        }
        return allowed;
    }
}
