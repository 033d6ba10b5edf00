package io.karipap.format;

import io.karipap.format.block.AffineRow;
import io.karipap.kernels.WeightType;

/**
 * Some neighbouring rows of a tensor.
 *
 * @param source all rows
 * @param columns of a row
 * @param first row that belongs to it
 * @param count rows that belong to it
 * @param total rows of the source
 */
record RowRange(TensorData source, int columns, int first, int count, int total) implements TensorData {
    RowRange {
        if (first < 0 || count < 0 || count > total - first) {
            throw new IllegalArgumentException(
                    "rows " + first + ".." + (first + (long) count) + " of a tensor of " + total);
        }
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
        return source.bytes() * count / total;
    }

    @Override
    public float get(long index) {
        return source.get((long) first * columns + index);
    }

    @Override
    public void read(long from, int elements, float[] out) {
        source.read((long) first * columns + from, elements, out);
    }

    @Override
    public void readCodes(long row, byte[] codes, short[] scales) {
        source.readCodes(first + row, codes, scales);
    }

    @Override
    public AffineRow affineRow(long row) {
        return source.affineRow(first + row);
    }

    /** Of the whole source: who reads another part of it reads the file again. */
    @Override
    public void unload() {
        source.unload();
    }
}
