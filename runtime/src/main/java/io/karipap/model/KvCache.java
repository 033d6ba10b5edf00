package io.karipap.model;

import io.karipap.kernels.KvBlock;
import java.util.ArrayList;
import java.util.List;

/** Keys and values of one sequence, in blocks from a pool; the first of them may be shared with other sequences. */
public final class KvCache implements AutoCloseable {
    private final KvPool pool;
    private final int blockSize;
    private final List<KvBlock> blocks = new ArrayList<>();
    private final List<SharedKvBlock> shared = new ArrayList<>();

    public KvCache(KvPool pool) {
        this.pool = pool;
        this.blockSize = pool.options().blockSize();
    }

    /** Blocks of the beginning of {@code tokens[0, length)} that other sequences hold just now and {@link #attach} would share. */
    public static int inUse(KvPool pool, int[] tokens, int length) {
        List<SharedKvBlock> known = known(pool, tokens, length);
        return (int) known.stream().filter(SharedKvBlock::referenced).count();
    }

    /** What the pool still has of the beginning of {@code tokens[0, length)}; the last token always remains to be computed. */
    private static List<SharedKvBlock> known(KvPool pool, int[] tokens, int length) {
        int blockSize = pool.options().blockSize();
        List<SharedKvBlock> known = new ArrayList<>();
        SharedKvBlock block = pool.root();
        for (int end = blockSize; end < length; end += blockSize) {
            block = block.child(new TokenRun(tokens, end - blockSize, end));
            if (block == null) {
                break;
            }
            known.add(block);
        }
        return known;
    }

    /**
     * Takes over what the pool still has of the beginning of {@code tokens[0, length)}, all but the last token at most. The cache must be
     * empty.
     *
     * @return positions that need not be computed
     */
    public int attach(int[] tokens, int length) {
        for (SharedKvBlock block : known(pool, tokens, length)) {
            pool.reference(block);
            shared.add(block);
            blocks.add(block.block());
        }
        return blocks.size() * blockSize;
    }

    /** Lets others use the full blocks of {@code tokens[0, computed)}, which have been computed. */
    public void share(int[] tokens, int computed) {
        for (int i = shared.size(); (i + 1) * blockSize <= computed; i++) {
            TokenRun run = new TokenRun(tokens, i * blockSize, (i + 1) * blockSize);
            SharedKvBlock block = lastShared().child(run);
            if (block == null) {
                block = lastShared().add(run, blocks.get(i));
            } else {
                // someone computed the same at the same time, to the bit
                pool.giveBack(blocks.set(i, block.block()));
            }
            pool.reference(block);
            shared.add(block);
        }
    }

    private SharedKvBlock lastShared() {
        return shared.isEmpty() ? pool.root() : shared.getLast();
    }

    /**
     * Makes room for positions up to {@code positions}, exclusive.
     *
     * @throws IllegalStateException if the pool has no block left
     */
    public void reserve(int positions) {
        while (blocks.size() * blockSize < positions) {
            blocks.add(pool.take());
        }
    }

    /** Blocks that it has. */
    public int blocks() {
        return blocks.size();
    }

    /** Positions of a block. */
    public int blockSize() {
        return blockSize;
    }

    /** The block that holds {@code position}. */
    KvBlock at(int position) {
        return blocks.get(position / blockSize);
    }

    /** Gives all blocks back to the pool. */
    @Override
    public void close() {
        for (int i = blocks.size() - 1; i >= 0; i--) {
            if (i < shared.size()) {
                pool.release(shared.get(i));
            } else {
                pool.giveBack(blocks.get(i));
            }
        }
        blocks.clear();
        shared.clear();
    }
}
