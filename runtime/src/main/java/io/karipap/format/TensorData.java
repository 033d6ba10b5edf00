package io.karipap.format;

import io.karipap.format.block.AffineRow;
import io.karipap.kernels.WeightType;

/** The elements of a tensor in row-major order, however they are stored. Safe for any number of threads. */
public sealed interface TensorData permits PlainData, CodeData, BlockData, HeadRows, RowRange {
    /** The type that holds the elements exactly in memory. */
    WeightType type();

    /** Name of the type in the file. */
    String stored();

    /** Bytes in the file, scales included. */
    long bytes();

    /** Element number {@code index}. */
    float get(long index);

    /** Reads {@code count} elements from number {@code from} on into {@code out[0, count)}. */
    void read(long from, int count, float[] out);

    /**
     * Reads the codes and scales of a row.
     *
     * @throws UnsupportedOperationException if {@link #type()} is not Q8 or Q4
     */
    default void readCodes(long row, byte[] codes, short[] scales) {
        throw new UnsupportedOperationException(stored() + " is not stored as codes of " + type());
    }

    /**
     * A row as codes of at most 8 bits with a scale and an offset a group, from which one fused multiply-add makes each element exactly;
     * null for elements that are not stored so.
     */
    default AffineRow affineRow(long row) {
        return null;
    }

    /** Gives mapped memory back to the system; who reads it again reads the file again. */
    void unload();
}
