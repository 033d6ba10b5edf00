package io.karipap.model;

import java.util.ArrayDeque;

/** A bounded supply of KV cache blocks for one model. Not thread-safe: it belongs to whoever steps the model. */
public final class KvPool {
    private final LlamaConfig config;
    private final int capacity;
    private final ArrayDeque<KvBlock> free = new ArrayDeque<>();
    private int used;

    /**
     * @param capacity most blocks that may be in use at a time
     */
    public KvPool(LlamaConfig config, int capacity) {
        this.config = config;
        this.capacity = capacity;
    }

    /** Most blocks that may be in use at a time. */
    public int capacity() {
        return capacity;
    }

    /** Blocks in use. */
    public int used() {
        return used;
    }

    /** Blocks that {@code positions} positions take. */
    public static int blocksFor(int positions) {
        return (positions + KvBlock.POSITIONS - 1) / KvBlock.POSITIONS;
    }

    /** @throws IllegalStateException if all blocks are in use */
    KvBlock take() {
        if (used == capacity) {
            throw new IllegalStateException("all " + capacity + " KV cache blocks are in use");
        }
        used++;
        return free.isEmpty() ? new KvBlock(config) : free.pop();
    }

    void giveBack(KvBlock block) {
        used--;
        free.push(block);
    }
}
