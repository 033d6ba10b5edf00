package io.karipap.format;

import io.karipap.format.block.AffineRow;
import io.karipap.kernels.WeightType;

/**
 * Rows of queries or keys in the order of Hugging Face, of a file in whose heads the two components that rotary embedding turns together
 * are neighbours: component i of a head was component 2i, component i + H/2 was component 2i + 1.
 *
 * @param source elements in the order of the file
 * @param columns of a row; 1 for a bias
 * @param headDim H, even
 */
record HeadRows(TensorData source, int columns, int headDim) implements TensorData {
    private long from(long row) {
        long head = row / headDim;
        int i = (int) (row % headDim);
        int half = headDim / 2;
        return head * headDim + (i < half ? 2 * i : 2 * (i - half) + 1);
    }

    @Override
    public WeightType type() {
        return source.type();
    }

    @Override
    public String stored() {
        return source.stored();
    }

    @Override
    public long bytes() {
        return source.bytes();
    }

    @Override
    public float get(long index) {
        return source.get(from(index / columns) * columns + index % columns);
    }

    @Override
    public void read(long from, int count, float[] out) {
        if (from % columns == 0 && count == columns) {
            source.read(from(from / columns) * columns, count, out);
            return;
        }
        for (int i = 0; i < count; i++) {
            out[i] = get(from + i);
        }
    }

    @Override
    public void readCodes(long row, byte[] codes, short[] scales) {
        source.readCodes(from(row), codes, scales);
    }

    @Override
    public AffineRow affineRow(long row) {
        return source.affineRow(from(row));
    }

    @Override
    public void unload() {
        source.unload();
    }
}
