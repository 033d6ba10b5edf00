package io.karipap.grammar;

import io.karipap.grammar.Automaton.Kind;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Finds the tokens that may come next: of every terminal at hand those that stay within it, which is known of its automaton whatever the
 * grammar, and those that go on behind its end, for which the trie of the vocabulary is walked from there. Works as long as it is given
 * steps, and goes on where it was.
 */
final class MaskBuilder {
    /** What a step costs that has not been gone before. */
    private static final int NEW_STEP = 20;

    private final Machine machine;
    private final VocabularyTrie vocabulary;
    private final Config config;
    private final List<BitSet> sets = new ArrayList<>();
    private final Ints tokens = new Ints();
    private final Config[] path;
    private final int[] until;
    private int way = -1;
    private int[] regions = {};
    private int region;
    private int node;
    private int depth = -1;
    private long steps;

    MaskBuilder(Machine machine, VocabularyTrie vocabulary, Config config) {
        this.machine = machine;
        this.vocabulary = vocabulary;
        this.config = config;
        this.path = new Config[vocabulary.longest() + 2];
        this.until = new int[path.length];
    }

    /** Does about that many steps; returns whether all tokens are found. */
    boolean run(long budget) {
        long limit = steps + budget;
        while (steps < limit) {
            if (depth >= 0) {
                walk(limit);
            } else if (region < regions.length) {
                node = regions[region++];
                depth = 0;
                until[0] = vocabulary.end(node);
            } else if (++way < config.size()) {
                begin();
            } else {
                return true;
            }
        }
        return false;
    }

    /** Steps that it has taken. */
    long steps() {
        return steps;
    }

    Mask mask() {
        List<BitSet> all = new ArrayList<>(sets);
        int[] single = tokens.toArray();
        int size = 100 + 4 * single.length;
        if (single.length > vocabulary.limit() / 32) {
            BitSet set = new BitSet(vocabulary.limit());
            for (int token : single) {
                set.set(token);
            }
            all.add(set);
            single = new int[0];
            size = 100 + vocabulary.limit() / 8;
        }
        return new Mask(all, single, size);
    }

    private void begin() {
        regions = new int[0];
        region = 0;
        int position = config.position(way);
        if (machine.automaton().kind()[position] == Kind.TOKEN) {
            int token = machine.automaton().argument()[position];
            if (token < vocabulary.limit()) {
                tokens.add(token);
            }
            steps++;
            return;
        }
        Counted counted = machine.automaton().counted(position);
        Slice slice = SliceBuilder.slice(vocabulary, machine.automaton().dfa(position), counted, config.state(way));
        steps += NEW_STEP;
        long left = counted == null || counted.max() == Grammar.UNBOUNDED
                ? Integer.MAX_VALUE
                : counted.max() - config.count(way);
        if (counted != null && counted.open() && left < slice.maxNeed()) {
            everything(); // tokens with too many elements may still go on behind them
            return;
        }
        if (slice.inside() != null && left >= slice.maxNeed()) {
            sets.add(slice.inside());
        } else if (slice.needs() == null) {
            for (int token : slice.tokens()) {
                tokens.add(token);
            }
        } else {
            withNeed(slice, left);
        }
        for (int i = 0; i < slice.ends().length; i++) {
            if (mayEnd(counted, slice.endCounts()[i])) {
                tokens.add(slice.ends()[i]);
            }
        }
        if (slice.exits().length > 0) {
            exits(slice, counted);
        }
    }

    /** Tokens that begin no more elements than are left. */
    private void withNeed(Slice slice, long left) {
        int level = -1;
        while (level + 1 < slice.levels().length && Slice.need(level + 1) <= left) {
            level++;
        }
        int i = 0;
        if (level >= 0) {
            sets.add(slice.levels()[level]);
            i = slice.levels()[level].cardinality();
        }
        for (; i < slice.tokens().length && slice.needs()[i] <= left; i++) {
            tokens.add(slice.tokens()[i]);
        }
    }

    private boolean mayEnd(Counted counted, int elements) {
        long count = (long) config.count(way) + elements;
        return count >= counted.min() && count <= counted.max();
    }

    private void exits(Slice slice, Counted counted) {
        Config behind = machine.behind(config, way);
        path[0] = behind;
        Ints nodes = new Ints();
        for (int b = 0; b < 256; b++) {
            if (slice.exitStart()[b] < slice.exitStart()[b + 1]
                    && behind.first().contains(b)) {
                for (int i = slice.exitStart()[b]; i < slice.exitStart()[b + 1]; i++) {
                    if (counted == null || mayEnd(counted, slice.exitCounts()[i])) {
                        nodes.add(slice.exits()[i]);
                    }
                }
            }
        }
        regions = nodes.toArray();
    }

    private void everything() {
        path[0] = machine.only(config, way);
        Ints nodes = new Ints();
        for (int child = 1; child < vocabulary.nodes(); child = vocabulary.end(child)) {
            nodes.add(child);
        }
        regions = nodes.toArray();
    }

    private void walk(long limit) {
        int end = until[0];
        while (steps < limit) {
            if (node >= end) {
                depth = -1;
                return;
            }
            while (node >= until[depth]) {
                depth--;
            }
            Config from = path[depth];
            int b = vocabulary.label(node);
            steps++;
            if (!from.first().contains(b)) {
                node = vocabulary.end(node);
                continue;
            }
            Config next = from.next(b);
            if (next == null) {
                next = machine.next(from, b);
                steps += NEW_STEP;
            }
            for (int token = vocabulary.firstToken(node); token < vocabulary.firstToken(node + 1); token++) {
                tokens.add(vocabulary.id(token));
            }
            path[++depth] = next;
            until[depth] = vocabulary.end(node);
            node++;
        }
    }
}
