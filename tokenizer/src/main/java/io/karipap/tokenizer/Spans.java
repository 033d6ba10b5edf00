package io.karipap.tokenizer;

import java.util.Arrays;

/** Consecutive spans of a text, each a match of some pattern or the text between two matches. */
final class Spans {
    private int[] starts = new int[16];
    private int[] ends = new int[16];
    private boolean[] matches = new boolean[16];
    private int count;

    void add(int start, int end, boolean match) {
        if (start == end) {
            return;
        }
        if (count == starts.length) {
            starts = Arrays.copyOf(starts, count * 2);
            ends = Arrays.copyOf(ends, count * 2);
            matches = Arrays.copyOf(matches, count * 2);
        }
        starts[count] = start;
        ends[count] = end;
        matches[count++] = match;
    }

    /** Emits the pieces that {@code behavior} makes of these spans. */
    void emit(SplitBehavior behavior, Text text, PieceSink sink) {
        switch (behavior) {
            case REMOVED -> {
                for (int i = 0; i < count; i++) {
                    if (!matches[i]) {
                        sink.accept(text, starts[i], ends[i]);
                    }
                }
            }
            case ISOLATED -> {
                for (int i = 0; i < count; i++) {
                    sink.accept(text, starts[i], ends[i]);
                }
            }
            case CONTIGUOUS -> emitJoined(text, sink, i -> matches[i] == matches[i - 1]);
            case MERGED_WITH_PREVIOUS -> emitJoined(text, sink, i -> matches[i] && !matches[i - 1]);
            case MERGED_WITH_NEXT -> emitJoined(text, sink, i -> matches[i - 1] && !matches[i]);
        }
    }

    private void emitJoined(Text text, PieceSink sink, java.util.function.IntPredicate joinsPrevious) {
        int i = 0;
        while (i < count) {
            int j = i + 1;
            while (j < count && joinsPrevious.test(j)) {
                j++;
            }
            sink.accept(text, starts[i], ends[j - 1]);
            i = j;
        }
    }
}
