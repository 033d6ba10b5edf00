package io.karipap.model;

import java.util.ArrayList;
import java.util.List;

/** Keys and values of one sequence, in blocks from a pool. */
public final class KvCache implements AutoCloseable {
    private final KvPool pool;
    private final List<KvBlock> blocks = new ArrayList<>();

    public KvCache(KvPool pool) {
        this.pool = pool;
    }

    /**
     * Makes room for positions up to {@code positions}, exclusive.
     *
     * @throws IllegalStateException if the pool has no block left
     */
    void reserve(int positions) {
        while (blocks.size() * KvBlock.POSITIONS < positions) {
            blocks.add(pool.take());
        }
    }

    KvBlock block(int index) {
        return blocks.get(index);
    }

    /** Gives all blocks back to the pool. */
    @Override
    public void close() {
        blocks.forEach(pool::giveBack);
        blocks.clear();
    }
}
