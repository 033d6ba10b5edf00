package io.karipap.model;

import io.karipap.kernels.Kernels;
import io.karipap.kernels.Rows;

/** Keys and values of some consecutive positions, of all layers and KV heads. */
abstract sealed class KvBlock permits FloatKvBlock, Bfloat16KvBlock {
    static KvBlock allocate(ModelConfig config, KvOptions options) {
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

    /**
     * Scaled dot products of the queries of some heads with the keys that they share, of all positions of the block.
     *
     * @param query [heads, H] at {@code queryAt}
     * @param scores result, a row every {@code scoresStride} elements
     */
    abstract void scores(
            Kernels kernels,
            int heads,
            float[] query,
            int queryAt,
            int layer,
            int kvHead,
            float scale,
            float[] scores,
            int scoresAt,
            int scoresStride);

    /**
     * Adds the values of the first {@code positions} positions, each times its probability, for some heads that share them.
     *
     * @param probabilities a row every {@code probabilitiesStride} elements
     * @param out [heads, H] at {@code outAt}
     */
    abstract void addValues(
            Kernels kernels,
            int heads,
            float[] probabilities,
            int probabilitiesAt,
            int probabilitiesStride,
            int layer,
            int kvHead,
            int positions,
            float[] out,
            int outAt);
}
