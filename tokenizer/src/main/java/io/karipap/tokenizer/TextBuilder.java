package io.karipap.tokenizer;

import java.util.Arrays;

/** Rewrites a {@link Text} while keeping the origins of its characters. */
final class TextBuilder {
    private final Text source;
    private char[] chars;
    private int[] starts;
    private int[] ends;
    private int length;

    TextBuilder(int capacity, Text source) {
        this.source = source;
        int size = Math.max(16, capacity);
        chars = new char[size];
        if (source.tracked()) {
            starts = new int[size];
            ends = new int[size];
        }
    }

    /** Takes the source's characters [from, to) as they are. */
    void copy(int from, int to) {
        int count = to - from;
        ensure(count);
        System.arraycopy(source.chars(), from, chars, length, count);
        if (source.tracked()) {
            for (int i = 0; i < count; i++) {
                starts[length + i] = source.originStart(from + i);
                ends[length + i] = source.originEnd(from + i);
            }
        }
        length += count;
    }

    /** Puts {@code replacement} in the place of the source's characters [from, to); an empty range is an insertion before from. */
    void replace(int from, int to, CharSequence replacement) {
        int count = replacement.length();
        ensure(count);
        for (int i = 0; i < count; i++) {
            chars[length + i] = replacement.charAt(i);
        }
        if (source.tracked()) {
            int start = from < source.chars().length ? source.originStart(from) : endOfSource();
            int end = to > from ? source.originEnd(to - 1) : start;
            Arrays.fill(starts, length, length + count, start);
            Arrays.fill(ends, length, length + count, end);
        }
        length += count;
    }

    /** Takes back every {@code unwanted} that the text ends with. */
    void dropAtEnd(char unwanted) {
        while (length > 0 && chars[length - 1] == unwanted) {
            length--;
        }
    }

    Text build() {
        return new Text(
                Arrays.copyOf(chars, length),
                starts == null ? null : Arrays.copyOf(starts, length),
                ends == null ? null : Arrays.copyOf(ends, length),
                source.tracked());
    }

    private int endOfSource() {
        int n = source.chars().length;
        return n == 0 ? 0 : source.originEnd(n - 1);
    }

    private void ensure(int more) {
        if (length + more > chars.length) {
            int size = Math.max(chars.length * 2, length + more);
            chars = Arrays.copyOf(chars, size);
            if (starts != null) {
                starts = Arrays.copyOf(starts, size);
                ends = Arrays.copyOf(ends, size);
            }
        }
    }
}
