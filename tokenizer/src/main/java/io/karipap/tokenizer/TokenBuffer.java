package io.karipap.tokenizer;

import java.util.Arrays;

/** Token ids in the making, with the range of original characters of each if offsets are tracked. */
final class TokenBuffer {
    private int[] ids;
    private int[] starts;
    private int[] ends;
    private int count;

    TokenBuffer(int capacity, boolean tracked) {
        ids = new int[Math.max(8, capacity)];
        if (tracked) {
            starts = new int[ids.length];
            ends = new int[ids.length];
        }
    }

    boolean tracked() {
        return starts != null;
    }

    void add(int id, int start, int end) {
        ensure(1);
        if (starts != null) {
            starts[count] = start;
            ends[count] = end;
        }
        ids[count++] = id;
    }

    void addAll(int[] more) {
        ensure(more.length);
        for (int id : more) {
            ids[count++] = id;
        }
    }

    int[] ids() {
        return Arrays.copyOf(ids, count);
    }

    Encoding encoding(String text) {
        int[] byteAt = new int[text.length() + 1];
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean pair = Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1));
            if (pair) {
                byteAt[i + 1] = byteAt[i];
                byteAt[i + 2] = byteAt[i] + 4;
                i++;
            } else {
                byteAt[i + 1] = byteAt[i] + Utf8.length(c);
            }
        }
        int[] byteStarts = new int[count];
        int[] byteEnds = new int[count];
        for (int i = 0; i < count; i++) {
            byteStarts[i] = byteAt[starts[i]];
            byteEnds[i] = byteAt[ends[i]];
        }
        return new Encoding(ids(), Arrays.copyOf(starts, count), Arrays.copyOf(ends, count), byteStarts, byteEnds);
    }

    private void ensure(int more) {
        if (count + more > ids.length) {
            int size = Math.max(ids.length * 2, count + more);
            ids = Arrays.copyOf(ids, size);
            if (starts != null) {
                starts = Arrays.copyOf(starts, size);
                ends = Arrays.copyOf(ends, size);
            }
        }
    }
}
