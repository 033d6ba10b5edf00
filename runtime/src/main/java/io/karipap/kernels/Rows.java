package io.karipap.kernels;

/**
 * Rows of activations inside an array: row {@code m} is {@code data[offset + m·stride, …)}.
 *
 * @param data the array
 * @param offset index of the first element of row 0
 * @param stride elements from one row to the next
 */
@SuppressWarnings("ArrayRecordComponent")
public record Rows(float[] data, int offset, int stride) {
    /** New zeroed storage for {@code rows} rows of {@code width} elements. */
    public static Rows allocate(int rows, int width) {
        return new Rows(new float[Math.multiplyExact(rows, width)], 0, width);
    }

    /** Index of the first element of {@code row}. */
    public int at(int row) {
        return offset + row * stride;
    }

    /** The rows from number {@code row} on. */
    public Rows from(int row) {
        return row == 0 ? this : new Rows(data, at(row), stride);
    }
}
