package io.karipap.model;

import io.karipap.kernels.Kernels;
import io.karipap.kernels.PackedMatrix;
import io.karipap.kernels.Rows;
import io.karipap.kernels.WeightType;

/** A block in bfloat16, two neighbours in every int: the one with the even index below. */
final class Bfloat16KvBlock extends KvBlock {
    private static final int PANEL = PackedMatrix.PANEL;

    private final int kvHeads;
    private final int headDim;
    private final int pairs;
    private final int blockSize;

    /** {@code [layers, G, T/P, ceil(H/2), P]}: pairs of components. */
    private final int[] keys;

    /** {@code [layers, G, T/2, H]}: pairs of positions. */
    private final int[] values;

    Bfloat16KvBlock(ModelConfig config, int blockSize) {
        kvHeads = config.kvHeads();
        headDim = config.headDim();
        pairs = Math.ceilDiv(headDim, 2);
        this.blockSize = blockSize;
        keys = new int[config.layers() * kvHeads * blockSize * pairs];
        values = new int[config.layers() * kvHeads * blockSize / 2 * headDim];
    }

    private int keysAt(int layer, int kvHead) {
        return (layer * kvHeads + kvHead) * blockSize * pairs;
    }

    private int valuesAt(int layer, int kvHead) {
        return (layer * kvHeads + kvHead) * blockSize / 2 * headDim;
    }

    @Override
    void store(int layer, int position, int from, int to, Rows newKeys, Rows newValues, int row) {
        for (int g = from; g < to; g++) {
            int panel = keysAt(layer, g) + position / PANEL * PANEL * pairs + position % PANEL;
            int pair = valuesAt(layer, g) + position / 2 * headDim;
            int key = newKeys.at(row) + g * headDim;
            int value = newValues.at(row) + g * headDim;
            for (int h = 0; h < headDim; h++) {
                int k = panel + h / 2 * PANEL;
                keys[k] = with(keys[k], h % 2, newKeys.data()[key + h]);
                values[pair + h] =
                        with(values[pair + h], position % 2, newValues.data()[value + h]);
            }
        }
    }

    private static int with(int pair, int half, float value) {
        int bits = WeightType.BF16.fromFloat(value);
        return half == 0 ? pair & 0xffff0000 | bits : pair & 0xffff | bits << 16;
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
                keysAt(layer, kvHead),
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
                valuesAt(layer, kvHead),
                positions,
                out,
                outAt);
    }
}
