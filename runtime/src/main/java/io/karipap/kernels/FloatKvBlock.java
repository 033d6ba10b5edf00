package io.karipap.kernels;

/** A block in f32. */
public final class FloatKvBlock extends KvBlock {
    private static final int PANEL = PackedMatrix.PANEL;

    /** {@code [heads, T/P, H, P]}: a vector load brings the same component of neighbouring positions. */
    private final float[] keys;

    /** {@code [heads, T, H]}. */
    private final float[] values;

    /**
     * @param heads KV heads of all layers
     * @param positions T, a multiple of {@link PackedMatrix#PANEL}
     * @param headDim H
     */
    public FloatKvBlock(int heads, int positions, int headDim) {
        super(positions, headDim);
        keys = new float[Math.multiplyExact(heads, positions * headDim)];
        values = new float[keys.length];
    }

    @Override
    public void store(int head, int position, float[] newKeys, int keyAt, float[] newValues, int valueAt) {
        int panel = keysAt(head) + position / PANEL * PANEL * headDim() + position % PANEL;
        for (int h = 0; h < headDim(); h++) {
            keys[panel + h * PANEL] = newKeys[keyAt + h];
        }
        System.arraycopy(newValues, valueAt, values, valuesAt(head) + position * headDim(), headDim());
    }

    @Override
    public float key(int head, int position, int h) {
        return keys[keysAt(head) + position / PANEL * PANEL * headDim() + h * PANEL + position % PANEL];
    }

    @Override
    public float value(int head, int position, int h) {
        return values[valuesAt(head) + position * headDim() + h];
    }

    /** Keys of all heads, {@code [heads, T/P, H, P]}. */
    public float[] keys() {
        return keys;
    }

    /** Values of all heads, {@code [heads, T, H]}. */
    public float[] values() {
        return values;
    }

    @Override
    public int keysAt(int head) {
        return head * positions() * headDim();
    }

    @Override
    public int valuesAt(int head) {
        return keysAt(head);
    }
}
