package io.karipap.kernels;

/**
 * Keys and values of some neighbouring positions as the kernels want them, for a number of KV heads: all of a layer, of one layer after
 * the other. Keys lie in panels of {@link PackedMatrix#PANEL} positions like weights (scores are a matmul over positions), values position
 * by position.
 */
public abstract sealed class KvBlock permits FloatKvBlock, Bfloat16KvBlock {
    private final int positions;
    private final int headDim;

    KvBlock(int positions, int headDim) {
        if (positions < PackedMatrix.PANEL || positions % PackedMatrix.PANEL != 0) {
            throw new IllegalArgumentException(
                    "a KV block has " + positions + " positions, expected a multiple of " + PackedMatrix.PANEL);
        }
        this.positions = positions;
        this.headDim = headDim;
    }

    /** T, a multiple of {@link PackedMatrix#PANEL}. */
    public final int positions() {
        return positions;
    }

    /** H. */
    public final int headDim() {
        return headDim;
    }

    /**
     * Stores key and value of one position for one KV head. Heads may be stored at the same time, positions may not: they may share a word.
     *
     * @param keys H elements at {@code keyAt}
     * @param values H elements at {@code valueAt}
     */
    public abstract void store(int head, int position, float[] keys, int keyAt, float[] values, int valueAt);

    /** Component {@code h} of a key. */
    public abstract float key(int head, int position, int h);

    /** Component {@code h} of a value. */
    public abstract float value(int head, int position, int h);

    /** Where the keys of a KV head begin in the array of keys. */
    public abstract int keysAt(int head);

    /** Where the values of a KV head begin in the array of values. */
    public abstract int valuesAt(int head);
}
