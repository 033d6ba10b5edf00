package io.karipap.generate;

import io.karipap.model.Batch;
import io.karipap.model.KvCache;
import io.karipap.model.KvPool;

/** The KV cache memory of one sequence: taken when it starts, given back when it stops or ends. */
final class KvLease {
    /** null while it has no memory. */
    private KvCache cache;

    private int computed;
    private int cachedTokens = -1;

    /**
     * Blocks that must be free so that {@code tokens[0, length)} have memory, those that are shared with others left out.
     *
     * @param reuse whether what others have computed is taken over
     */
    static int missingBlocks(KvPool pool, int[] tokens, int length, boolean reuse) {
        return pool.options().blocks(length) - (reuse ? KvCache.inUse(pool, tokens, length) : 0);
    }

    /** Takes the memory for {@code tokens[0, length)}; with {@code reuse}, what the pool knows of them is not computed again. */
    void take(KvPool pool, int[] tokens, int length, boolean reuse) {
        cache = new KvCache(pool);
        computed = reuse ? cache.attach(tokens, length) : 0;
        if (cachedTokens < 0) {
            cachedTokens = computed;
        }
        cache.reserve(length);
    }

    /** Gives the memory back, if it has any; what was computed is lost to this sequence. */
    void release() {
        if (cache != null) {
            cache.close();
            cache = null;
            computed = 0;
        }
    }

    /** Whether memory was ever taken. */
    boolean everTaken() {
        return cachedTokens >= 0;
    }

    /** Tokens that were known when memory was taken first. */
    int cachedTokens() {
        return Math.max(0, cachedTokens);
    }

    /** Positions that are computed, or are in the batch that is. */
    int computed() {
        return computed;
    }

    /** Whether there is room for {@code length} positions without another block. */
    boolean hasRoom(int length) {
        return cache.blocks() * cache.blockSize() >= length;
    }

    /** Takes the blocks for {@code length} positions. */
    void grow(int length) {
        cache.reserve(length);
    }

    /** Adds the next position to a batch and returns its row. */
    int addTo(Batch batch, int token, boolean wantsLogits) {
        return batch.add(token, computed++, cache, wantsLogits);
    }

    /** Lets others use what is computed of {@code tokens}. */
    void share(int[] tokens) {
        cache.share(tokens, computed);
    }
}
