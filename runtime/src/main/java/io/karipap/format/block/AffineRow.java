package io.karipap.format.block;

/**
 * A decoded row, or part of one: weight k is {@code code[k]·scale[k/G] + offset[k/G]}, exactly as ggml rounds it. Types without offsets
 * have −0, which adds nothing to any number, −0 included.
 */
public final class AffineRow {
    /** The offset of a group that has none. */
    static final float NO_OFFSET = -0f;

    private final int group;
    private final byte[] codes;
    private final float[] scales;
    private final float[] offsets;

    /**
     * @param type what is decoded
     * @param columns room, whole blocks
     */
    public AffineRow(BlockType type, int columns) {
        group = type.group();
        codes = new byte[columns];
        scales = new float[columns / group];
        offsets = new float[columns / group];
    }

    /** Columns that share a scale and an offset, G. */
    public int group() {
        return group;
    }

    /** Signed codes by column. */
    public byte[] codes() {
        return codes;
    }

    /** Scales by group. */
    public float[] scales() {
        return scales;
    }

    /** Offsets by group; −0 where the type has none. */
    public float[] offsets() {
        return offsets;
    }

    /** Gives a group its scale and no offset. */
    void scale(int g, float scale) {
        affine(g, scale, NO_OFFSET);
    }

    /** Gives a group its scale and offset. */
    void affine(int g, float scale, float offset) {
        scales[g] = scale;
        offsets[g] = offset;
    }

    /** The weight of column {@code k}. */
    public float get(int k) {
        return codes[k] * scales[k / group] + offsets[k / group];
    }

    /** Writes the weights of columns [from, from + count) to the start of {@code out}. */
    public void toFloats(int from, int count, float[] out) {
        for (int k = from; k < from + count; ) {
            int g = k / group;
            int end = Math.min(from + count, (g + 1) * group);
            float scale = scales[g];
            float offset = offsets[g];
            for (; k < end; k++) {
                out[k - from] = codes[k] * scale + offset;
            }
        }
    }
}
