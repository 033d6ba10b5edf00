package io.karipap.model;

import io.karipap.kernels.PackedMatrix;

/** Keys and values of {@link #POSITIONS} consecutive positions, of all layers and KV heads. */
final class KvBlock {
    /** Four panels of keys: as many chains of FMAs as their latency asks for, and little waste. */
    static final int POSITIONS = 64;

    private static final int PANEL = PackedMatrix.PANEL;

    private final int kvHeads;
    private final int headDim;

    /** {@code [layers, G, POSITIONS/P, H, P]}: a vector load brings the same component of neighbouring positions. */
    private final float[] keys;

    /** {@code [layers, G, POSITIONS, H]}. */
    private final float[] values;

    KvBlock(LlamaConfig config) {
        kvHeads = config.kvHeads();
        headDim = config.headDim();
        keys = new float[config.layers() * kvHeads * POSITIONS * headDim];
        values = new float[keys.length];
    }

    float[] keys() {
        return keys;
    }

    float[] values() {
        return values;
    }

    /** Where the keys, and just so the values, of a layer and head begin. */
    int at(int layer, int kvHead) {
        return (layer * kvHeads + kvHead) * POSITIONS * headDim;
    }

    /** Stores key and value of one position: G·H elements at {@code keyAt} and {@code valueAt}. */
    void store(int layer, int position, float[] key, int keyAt, float[] value, int valueAt) {
        for (int g = 0; g < kvHeads; g++) {
            int base = at(layer, g);
            int panel = base + position / PANEL * PANEL * headDim + position % PANEL;
            for (int h = 0; h < headDim; h++) {
                keys[panel + h * PANEL] = key[keyAt + g * headDim + h];
            }
            System.arraycopy(value, valueAt + g * headDim, values, base + position * headDim, headDim);
        }
    }
}
