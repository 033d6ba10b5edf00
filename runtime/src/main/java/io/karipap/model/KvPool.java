package io.karipap.model;

import io.karipap.kernels.Bfloat16KvBlock;
import io.karipap.kernels.FloatKvBlock;
import io.karipap.kernels.KvBlock;
import io.karipap.model.config.ModelConfig;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;

/**
 * A bounded supply of KV cache blocks for one model. Blocks of sequences that ended stay until their memory is needed, the least recently
 * used first, so that a later sequence with the same beginning finds them. Not thread-safe: it belongs to whoever steps the model.
 */
public final class KvPool {
    private final ModelConfig config;
    private final KvOptions options;
    private final int capacity;
    private final ArrayDeque<KvBlock> free = new ArrayDeque<>();
    private final SharedKvBlock root = new SharedKvBlock(null, null, null);

    /**
     * Shared blocks that no sequence uses, the oldest first. A sequence releases its last block first, so that no block comes after the
     * one that it continues.
     */
    private final LinkedHashSet<SharedKvBlock> idle = new LinkedHashSet<>();

    private int made;

    /** A supply of {@code options.positions()} positions, in whole blocks. */
    public KvPool(ModelConfig config, KvOptions options) {
        this.config = config;
        this.options = options;
        this.capacity = options.blocks(options.positions());
    }

    public KvOptions options() {
        return options;
    }

    /** Most blocks that may be in use at a time. */
    public int capacity() {
        return capacity;
    }

    /** Blocks that sequences use. */
    public int used() {
        return made - free.size() - idle.size();
    }

    /** Blocks that can be had, those included that are only kept in case they are asked for again. */
    public int available() {
        return capacity - used();
    }

    SharedKvBlock root() {
        return root;
    }

    /** @throws IllegalStateException if all blocks are in use */
    KvBlock take() {
        if (!free.isEmpty()) {
            return free.pop();
        }
        if (made < capacity) {
            made++;
            return allocate();
        }
        if (idle.isEmpty()) {
            throw new IllegalStateException("all " + capacity + " KV cache blocks are in use");
        }
        SharedKvBlock oldest = idle.removeFirst();
        oldest.detach();
        return oldest.block();
    }

    private KvBlock allocate() {
        int heads = config.layers() * config.kvHeads();
        return switch (options.type()) {
            case F32 -> new FloatKvBlock(heads, options.blockSize(), config.headDim());
            case BF16 -> new Bfloat16KvBlock(heads, options.blockSize(), config.headDim());
        };
    }

    void giveBack(KvBlock block) {
        free.push(block);
    }

    void reference(SharedKvBlock block) {
        if (block.reference()) {
            idle.remove(block);
        }
    }

    void release(SharedKvBlock block) {
        if (block.release()) {
            idle.add(block);
        }
    }
}
