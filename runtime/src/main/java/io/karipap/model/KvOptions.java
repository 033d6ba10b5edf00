package io.karipap.model;

import io.karipap.kernels.PackedMatrix;

/**
 * Size and kind of a KV cache.
 *
 * @param positions most positions held, over all sequences
 * @param blockSize positions of a block, a multiple of 16: the grain in which memory is given and prefixes are shared
 * @param type how keys and values are stored
 */
public record KvOptions(int positions, int blockSize, KvType type) {
    /** Larger blocks hide the latency of FMAs better, smaller ones share more of a prompt. */
    public static final int DEFAULT_BLOCK_SIZE = 32;

    /** @throws IllegalArgumentException if a value is out of range */
    public KvOptions {
        if (positions < 1) {
            throw new IllegalArgumentException("the KV cache has " + positions + " positions, expected at least 1");
        }
        if (blockSize < PackedMatrix.PANEL || blockSize % PackedMatrix.PANEL != 0) {
            throw new IllegalArgumentException("the block size of the KV cache is " + blockSize
                    + ", expected a multiple of " + PackedMatrix.PANEL);
        }
    }

    /** {@code positions} positions in f32, in blocks of the default size. */
    public static KvOptions of(int positions) {
        return new KvOptions(positions, DEFAULT_BLOCK_SIZE, KvType.F32);
    }

    /** Blocks that a sequence of {@code length} positions takes. */
    public int blocks(int length) {
        return Math.ceilDiv(length, blockSize);
    }
}
