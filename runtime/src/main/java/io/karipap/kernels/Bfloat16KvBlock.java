package io.karipap.kernels;

/** A block in bfloat16, two neighbours in every int: the one with the even index below. */
public final class Bfloat16KvBlock extends KvBlock {
    private static final int PANEL = PackedMatrix.PANEL;

    private final int pairs;

    /** {@code [heads, T/P, ceil(H/2), P]}: pairs of components. */
    private final int[] keys;

    /** {@code [heads, T/2, H]}: pairs of positions. */
    private final int[] values;

    /**
     * @param heads KV heads of all layers
     * @param positions T, a multiple of {@link PackedMatrix#PANEL}
     * @param headDim H
     */
    public Bfloat16KvBlock(int heads, int positions, int headDim) {
        super(positions, headDim);
        pairs = Math.ceilDiv(headDim, 2);
        keys = new int[Math.multiplyExact(heads, positions * pairs)];
        values = new int[heads * positions / 2 * headDim];
    }

    @Override
    public void store(int head, int position, float[] newKeys, int keyAt, float[] newValues, int valueAt) {
        int panel = keysAt(head) + position / PANEL * PANEL * pairs + position % PANEL;
        int pair = valuesAt(head) + position / 2 * headDim();
        for (int h = 0; h < headDim(); h++) {
            int k = panel + h / 2 * PANEL;
            keys[k] = with(keys[k], h % 2, newKeys[keyAt + h]);
            values[pair + h] = with(values[pair + h], position % 2, newValues[valueAt + h]);
        }
    }

    private static int with(int pair, int half, float value) {
        int bits = WeightType.BF16.fromFloat(value);
        return half == 0 ? pair & 0xffff0000 | bits : pair & 0xffff | bits << 16;
    }

    /** The bfloat16 in the low half of a pair for an even index, in the high half for an odd one. */
    private static float half(int pair, int index) {
        return Float.intBitsToFloat(index % 2 == 0 ? pair << 16 : pair & 0xffff0000);
    }

    @Override
    public float key(int head, int position, int h) {
        return half(keys[keysAt(head) + position / PANEL * PANEL * pairs + h / 2 * PANEL + position % PANEL], h);
    }

    @Override
    public float value(int head, int position, int h) {
        return half(values[valuesAt(head) + position / 2 * headDim() + h], position);
    }

    /** Keys of all heads, pairs of components, {@code [heads, T/P, ceil(H/2), P]}. */
    public int[] keys() {
        return keys;
    }

    /** Values of all heads, pairs of positions, {@code [heads, T/2, H]}. */
    public int[] values() {
        return values;
    }

    @Override
    public int keysAt(int head) {
        return head * positions() * pairs;
    }

    @Override
    public int valuesAt(int head) {
        return head * positions() / 2 * headDim();
    }
}
