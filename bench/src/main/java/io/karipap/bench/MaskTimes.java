package io.karipap.bench;

import io.karipap.grammar.Grammar;
import io.karipap.grammar.GrammarCursor;
import io.karipap.grammar.VocabularyTrie;
import io.karipap.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/**
 * How long masks take along walks of one schema.
 *
 * @param compileMillis from the schema's text to a cursor
 * @param firstMicros the first mask of a text
 * @param meanMicros of all masks
 * @param p99Micros 99 of 100 take less
 * @param requestKilobytes memory that a text leaves behind at its end, as its reader still holds it
 */
public record MaskTimes(
        double compileMillis,
        double firstMicros,
        double meanMicros,
        double p99Micros,
        double maxMicros,
        int masks,
        double requestKilobytes) {
    private static final int HELD = 20;

    /** Follows the walks. */
    public static MaskTimes measure(
            String schema, List<MaskWalk> walks, VocabularyTrie vocabulary, Tokenizer tokenizer) {
        List<Long> times = new ArrayList<>();
        double compile = 0;
        double first = 0;
        for (MaskWalk walk : walks) {
            long start = System.nanoTime();
            GrammarCursor cursor = new GrammarCursor(Grammar.json(schema), vocabulary);
            compile += (System.nanoTime() - start) / 1e6;
            int before = times.size();
            follow(cursor, walk, tokenizer, times);
            first += times.get(before) / 1e3;
        }
        long[] sorted = times.stream().mapToLong(Long::longValue).sorted().toArray();
        return new MaskTimes(
                compile / walks.size(),
                first / walks.size(),
                LongStream.of(sorted).average().orElse(0) / 1e3,
                sorted[(int) (sorted.length * 0.99)] / 1e3,
                sorted[sorted.length - 1] / 1e3,
                sorted.length,
                memory(schema, walks, vocabulary, tokenizer));
    }

    private static void follow(GrammarCursor cursor, MaskWalk walk, Tokenizer tokenizer, List<Long> times) {
        for (int token : walk.tokens()) {
            long start = System.nanoTime();
            cursor.allowed();
            times.add(System.nanoTime() - start);
            cursor.accept(token, tokenizer.tokenBytes(token));
        }
    }

    /** Heap that several requests hold together, over their number. */
    private static double memory(String schema, List<MaskWalk> walks, VocabularyTrie vocabulary, Tokenizer tokenizer) {
        GrammarCursor[] held = new GrammarCursor[HELD];
        long before = used();
        for (int i = 0; i < HELD; i++) {
            held[i] = new GrammarCursor(Grammar.json(schema), vocabulary);
            follow(held[i], walks.get(i % walks.size()), tokenizer, new ArrayList<>());
        }
        long after = used();
        if (Arrays.stream(held).anyMatch(cursor -> cursor == null)) {
            throw new IllegalStateException("a request is gone");
        }
        return (after - before) / 1024.0 / HELD;
    }

    private static long used() {
        Runtime runtime = Runtime.getRuntime();
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
