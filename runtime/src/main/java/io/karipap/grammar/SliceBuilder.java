package io.karipap.grammar;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/** Walks the trie of a vocabulary along one automaton, passing over what is below a byte that cannot come. */
final class SliceBuilder {
    private final VocabularyTrie vocabulary;
    private final Dfa dfa;
    private final Counted counted;
    private final Ints inside = new Ints(); // numbers of tokens
    private final Ints needs = new Ints();
    private final Ints ends = new Ints();
    private final Ints endCounts = new Ints();
    private final Ints exits = new Ints();
    private final Ints exitCounts = new Ints();

    /** @param counted whose elements are counted, or null */
    SliceBuilder(VocabularyTrie vocabulary, Dfa dfa, Counted counted) {
        this.vocabulary = vocabulary;
        this.dfa = dfa;
        this.counted = counted;
    }

    /** The slice of a terminal's state, from the cache if it was costly to make. */
    static Slice slice(VocabularyTrie vocabulary, Dfa dfa, Counted counted, int state) {
        ByteSet closing = counted == null ? null : counted.closing();
        return vocabulary.slices().get(new SliceCache.Key(dfa, closing, state), () -> new SliceBuilder(
                        vocabulary, dfa, counted)
                .build(state));
    }

    private Slice build(int start) {
        walk(start);
        int[] tokens = inside.toArray();
        int[] exitNodes = keptExits(tokens);
        int[] order = byLabel(exitNodes);
        int[] exitStart = new int[257];
        int[] sorted = new int[order.length];
        int[] counts = counted == null ? null : new int[order.length];
        for (int i = 0; i < order.length; i++) {
            sorted[i] = exits.get(exitNodes[order[i]]);
            exitStart[vocabulary.label(sorted[i]) + 1]++;
            if (counted != null) {
                counts[i] = exitCounts.get(exitNodes[order[i]]);
            }
        }
        for (int b = 0; b < 256; b++) {
            exitStart[b + 1] += exitStart[b];
        }
        if (counted == null) {
            return uncounted(tokens, sorted, exitStart);
        }
        int[] byNeed = sortedBy(needs.toArray());
        int[] tokenNeeds = new int[byNeed.length];
        int[] ids = new int[byNeed.length];
        BitSet all = new BitSet(vocabulary.limit());
        for (int i = 0; i < ids.length; i++) {
            ids[i] = vocabulary.id(tokens[byNeed[i]]);
            tokenNeeds[i] = needs.get(byNeed[i]);
            all.set(ids[i]);
        }
        int max = tokenNeeds.length == 0 ? 0 : tokenNeeds[tokenNeeds.length - 1];
        int[] ending = Arrays.stream(ends.toArray()).map(vocabulary::id).toArray();
        BitSet[] levels = levels(ids, tokenNeeds, max);
        return new Slice(all, ids, tokenNeeds, levels, max, sorted, exitStart, counts, ending, endCounts.toArray());
    }

    private BitSet[] levels(int[] ids, int[] tokenNeeds, int max) {
        List<BitSet> levels = new ArrayList<>();
        BitSet set = new BitSet(vocabulary.limit());
        int next = 0;
        for (int need = Slice.need(0);
                need < max && ids.length > vocabulary.limit() / 32;
                need = Slice.need(levels.size())) {
            while (next < ids.length && tokenNeeds[next] <= need) {
                set.set(ids[next++]);
            }
            levels.add((BitSet) set.clone());
        }
        return levels.toArray(BitSet[]::new);
    }

    private Slice uncounted(int[] tokens, int[] exitNodes, int[] exitStart) {
        boolean many = tokens.length > vocabulary.limit() / 32;
        BitSet set = many ? new BitSet(vocabulary.limit()) : null;
        int[] ids = new int[many ? 0 : tokens.length];
        for (int i = 0; i < tokens.length; i++) {
            if (many) {
                set.set(vocabulary.id(tokens[i]));
            } else {
                ids[i] = vocabulary.id(tokens[i]);
            }
        }
        return new Slice(set, ids, null, null, 0, exitNodes, exitStart, null, new int[0], null);
    }

    private void walk(int start) {
        int[] states = new int[vocabulary.longest() + 1];
        int[] counts = new int[states.length];
        int[] needed = new int[states.length];
        int[] until = new int[states.length];
        int depth = 0;
        states[0] = start;
        until[0] = vocabulary.nodes();
        int node = 1;
        while (node < vocabulary.nodes()) {
            while (node >= until[depth]) {
                depth--;
            }
            int b = vocabulary.label(node);
            int from = states[depth];
            int state = dfa.next(from, b);
            if (state < 0) {
                node = vocabulary.end(node);
                continue;
            }
            int count = counts[depth];
            int need = needed[depth];
            if (counted != null) {
                if (from == 0 && !counted.closing().contains(b)) {
                    need = Math.max(need, count + 1);
                }
                count += state == 0 ? 1 : 0;
            }
            boolean closed = counted != null && !counted.open() && dfa.accepting(state);
            for (int token = vocabulary.firstToken(node); token < vocabulary.firstToken(node + 1); token++) {
                (closed ? ends : inside).add(token);
                (closed ? endCounts : needs).add(closed ? count : need);
            }
            if (dfa.accepting(state)) {
                for (int child = node + 1; child < vocabulary.end(node); child = vocabulary.end(child)) {
                    exits.add(child);
                    exitCounts.add(count);
                }
            }
            if (dfa.ends(state)) {
                node = vocabulary.end(node);
                continue;
            }
            states[++depth] = state;
            counts[depth] = count;
            needed[depth] = need;
            until[depth] = vocabulary.end(node);
            node++;
        }
    }

    /** Exits below which there is a token that does not stay inside; indices of {@link #exits}. */
    private int[] keptExits(int[] tokens) {
        int[] insideBefore = new int[exits.size() == 0 ? 0 : vocabulary.tokens() + 1];
        if (insideBefore.length > 0) {
            for (int token : tokens) {
                insideBefore[token + 1] = 1;
            }
            for (int i = 1; i < insideBefore.length; i++) {
                insideBefore[i] += insideBefore[i - 1];
            }
        }
        Ints kept = new Ints();
        for (int i = 0; i < exits.size(); i++) {
            int from = vocabulary.firstToken(exits.get(i));
            int to = vocabulary.firstToken(vocabulary.end(exits.get(i)));
            if (insideBefore[to] - insideBefore[from] < to - from) {
                kept.add(i);
            }
        }
        return kept.toArray();
    }

    private int[] byLabel(int[] kept) {
        int[] labels = new int[kept.length];
        for (int i = 0; i < kept.length; i++) {
            labels[i] = vocabulary.label(exits.get(kept[i]));
        }
        return sortedBy(labels);
    }

    /** Indices in the order of their values, which are small; equal ones in the order of indices. */
    private static int[] sortedBy(int[] values) {
        int max = Arrays.stream(values).max().orElse(0);
        int[] at = new int[max + 2];
        for (int value : values) {
            at[value + 1]++;
        }
        for (int i = 0; i <= max; i++) {
            at[i + 1] += at[i];
        }
        int[] order = new int[values.length];
        for (int i = 0; i < values.length; i++) {
            order[at[values[i]]++] = i;
        }
        return order;
    }
}
