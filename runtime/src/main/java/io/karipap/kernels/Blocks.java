package io.karipap.kernels;

/** Hands out blocks of {@link PackedMatrix#BLOCK} output features, in any order, until none is left. */
@FunctionalInterface
public interface Blocks {
    /** The number of a block that is to be computed, or −1 if there is none. */
    int next();

    /** All blocks of a matrix, for one thread. */
    static Blocks all(PackedMatrix w) {
        return range(0, w.blocks());
    }

    /** Blocks from {@code from} to {@code to}, exclusive, for one thread. */
    static Blocks range(int from, int to) {
        return new Blocks() {
            private int block = from;

            @Override
            public int next() {
                return block < to ? block++ : -1;
            }
        };
    }
}
