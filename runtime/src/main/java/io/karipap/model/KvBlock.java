package io.karipap.model;

import io.karipap.kernels.Kernels;
import io.karipap.kernels.Rows;

/** Keys and values of some consecutive positions, of all layers and KV heads. */
abstract sealed class KvBlock permits FloatKvBlock, Bfloat16KvBlock {
    static KvBlock allocate(LlamaConfig config, KvOptions options) {
        return switch (options.type()) {
            case F32 -> new FloatKvBlock(config, options.blockSize());
            case BF16 -> new Bfloat16KvBlock(config, options.blockSize());
        };
    }

    /**
     * Stores key and value of one position of the block, for the KV heads {@code [from, to)}. Heads may be stored at the same time.
     *
     * @param keys row {@code row} has G·H elements
     * @param values row {@code row} has G·H elements
     */
    abstract void store(int layer, int position, int from, int to, Rows keys, Rows values, int row);

    /** Scaled dot products of a query of H elements with the keys of all positions of the block. */
    abstract void scores(
            Kernels kernels,
            float[] query,
            int queryAt,
            int layer,
            int kvHead,
            float[] scores,
            int scoresAt,
            float scale);

    /** Adds the values of the first {@code positions} positions, each times its probability, to H elements of {@code out}. */
    abstract void addValues(
            Kernels kernels,
            float[] probabilities,
            int probabilitiesAt,
            int layer,
            int kvHead,
            float[] out,
            int outAt,
            int positions);
}
