package io.karipap.grammar;

/** A set of bytes, 64 a word. */
record ByteSet(long first, long second, long third, long fourth) {
    static final ByteSet NONE = new ByteSet(0, 0, 0, 0);
    static final ByteSet ALL = new ByteSet(-1, -1, -1, -1);

    /** All bytes of {@code from} to {@code to}, inclusive. */
    static ByteSet range(int from, int to) {
        long[] words = new long[4];
        for (int b = from; b <= to; b++) {
            words[b >> 6] |= 1L << (b & 63);
        }
        return new ByteSet(words[0], words[1], words[2], words[3]);
    }

    ByteSet without(int b) {
        ByteSet one = range(b, b);
        return new ByteSet(first & ~one.first, second & ~one.second, third & ~one.third, fourth & ~one.fourth);
    }

    ByteSet with(ByteSet other) {
        return new ByteSet(first | other.first, second | other.second, third | other.third, fourth | other.fourth);
    }

    boolean contains(int b) {
        long word =
                switch (b >> 6) {
                    case 0 -> first;
                    case 1 -> second;
                    case 2 -> third;
                    default -> fourth;
                };
        return (word >>> (b & 63) & 1) != 0;
    }

    boolean isEmpty() {
        return (first | second | third | fourth) == 0;
    }
}
