package io.karipap.grammar;

import io.karipap.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * The bytes of all tokens of a vocabulary as a trie, so that tokens with a common beginning are checked together, and what is known of
 * automata that come again in many grammars. Special tokens are left out: they are no text. Safe for any number of threads.
 *
 * <p>Nodes are numbered depth first, so that what is below a node comes right after it. Node 0 is the root.
 *
 * @since 0.1
 */
public final class VocabularyTrie {
    private final int limit;
    private final int longest;
    /** Of every node the byte that leads to it. */
    private final byte[] label;
    /** Of every node the first node that is not below it. */
    private final int[] end;
    /** Of every node the first token at or below it, as an index into {@link #ids}; one more at the end. */
    private final int[] firstToken;

    private final int[] ids;
    private final SliceCache slices = new SliceCache();

    /** The vocabulary of {@code tokenizer}. */
    public VocabularyTrie(Tokenizer tokenizer) {
        this(tokens(tokenizer));
    }

    /** @param tokens of every id its bytes; null or none if it is no text */
    VocabularyTrie(List<byte[]> tokens) {
        record Entry(int id, byte[] bytes) {}
        List<Entry> entries = new ArrayList<>();
        for (int id = 0; id < tokens.size(); id++) {
            if (tokens.get(id) != null && tokens.get(id).length > 0) {
                entries.add(new Entry(id, tokens.get(id)));
            }
        }
        entries.sort(Comparator.comparing(Entry::bytes, Arrays::compareUnsigned));
        limit = tokens.size();
        ids = entries.stream().mapToInt(Entry::id).toArray();
        int nodes = 1;
        int max = 0;
        byte[] before = {};
        for (Entry entry : entries) {
            nodes += entry.bytes().length - common(before, entry.bytes());
            max = Math.max(max, entry.bytes().length);
            before = entry.bytes();
        }
        longest = max;
        label = new byte[nodes];
        end = new int[nodes];
        firstToken = new int[nodes + 1];
        int[] path = new int[max + 1];
        int depth = 0;
        int node = 1;
        before = new byte[0];
        for (int i = 0; i < ids.length; i++) {
            byte[] bytes = entries.get(i).bytes();
            int common = common(before, bytes);
            for (; depth > common; depth--) {
                end[path[depth]] = node;
            }
            while (depth < bytes.length) {
                label[node] = bytes[depth];
                firstToken[node] = i;
                path[++depth] = node++;
            }
            before = bytes;
        }
        for (; depth >= 0; depth--) {
            end[path[depth]] = node;
        }
        firstToken[nodes] = ids.length;
        warm();
    }

    /** Finds beforehand what nearly every text of JSON needs: the tokens that stay within a string. */
    private void warm() {
        Terminal rest = JsonGrammar.STRING_REST;
        SliceBuilder.slice(this, rest.dfa(), null, 0);
        SliceBuilder.slice(this, rest.dfa(), JsonGrammar.COUNTED_STRING_REST, 0);
    }

    private static int common(byte[] a, byte[] b) {
        int mismatch = Arrays.mismatch(a, b);
        return mismatch < 0 ? a.length : mismatch;
    }

    private static List<byte[]> tokens(Tokenizer tokenizer) {
        List<byte[]> tokens = new ArrayList<>();
        for (int id = 0; id < tokenizer.vocabularySize(); id++) {
            boolean text = tokenizer.token(id).isPresent() && !tokenizer.isSpecial(id);
            tokens.add(text ? tokenizer.tokenBytes(id) : null);
        }
        return tokens;
    }

    /** One more than the largest id. */
    int limit() {
        return limit;
    }

    /** Bytes of the longest token. */
    int longest() {
        return longest;
    }

    int nodes() {
        return label.length;
    }

    int label(int node) {
        return label[node] & 0xff;
    }

    int end(int node) {
        return end[node];
    }

    /** The first token that ends at {@code node}, as a number in the order of their bytes. */
    int firstToken(int node) {
        return firstToken[node];
    }

    /** The id of the token of that number. */
    int id(int token) {
        return ids[token];
    }

    int tokens() {
        return ids.length;
    }

    SliceCache slices() {
        return slices;
    }

    /** Bytes of memory that the vocabulary takes, with what is known of automata. */
    public long bytes() {
        return label.length * 9L + ids.length * 4L + slices.bytes();
    }
}
