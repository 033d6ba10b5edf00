package io.karipap.model;

import io.karipap.kernels.Kernels;
import io.karipap.kernels.PackedMatrix;
import io.karipap.kernels.Rows;

/** A block in f32. */
final class FloatKvBlock extends KvBlock {
    private static final int PANEL = PackedMatrix.PANEL;

    private final int kvHeads;
    private final int headDim;
    private final int blockSize;

    /** {@code [layers, G, T/P, H, P]}: a vector load brings the same component of neighbouring positions. */
    private final float[] keys;

    /** {@code [layers, G, T, H]}. */
    private final float[] values;

    FloatKvBlock(ModelConfig config, int blockSize) {
        kvHeads = config.kvHeads();
        headDim = config.headDim();
        this.blockSize = blockSize;
        keys = new float[config.layers() * kvHeads * blockSize * headDim];
        values = new float[keys.length];
    }

    private int at(int layer, int kvHead) {
        return (layer * kvHeads + kvHead) * blockSize * headDim;
    }

    @Override
    void store(int layer, int position, int from, int to, Rows newKeys, Rows newValues, int row) {
        for (int g = from; g < to; g++) {
            int key = newKeys.at(row) + g * headDim;
            int base = at(layer, g);
            int panel = base + position / PANEL * PANEL * headDim + position % PANEL;
            for (int h = 0; h < headDim; h++) {
                keys[panel + h * PANEL] = newKeys.data()[key + h];
            }
            System.arraycopy(
                    newValues.data(), newValues.at(row) + g * headDim, values, base + position * headDim, headDim);
        }
    }

    @Override
    void scores(
            Kernels kernels,
            int heads,
            float[] query,
            int queryAt,
            int layer,
            int kvHead,
            float scale,
            float[] scores,
            int scoresAt,
            int scoresStride) {
        kernels.attentionScores(
                heads,
                headDim,
                query,
                queryAt,
                keys,
                at(layer, kvHead),
                blockSize / PANEL,
                scale,
                scores,
                scoresAt,
                scoresStride);
    }

    @Override
    void addValues(
            Kernels kernels,
            int heads,
            float[] probabilities,
            int probabilitiesAt,
            int probabilitiesStride,
            int layer,
            int kvHead,
            int positions,
            float[] out,
            int outAt) {
        kernels.attentionValues(
                heads,
                headDim,
                probabilities,
                probabilitiesAt,
                probabilitiesStride,
                values,
                at(layer, kvHead),
                positions,
                out,
                outAt);
    }
}
