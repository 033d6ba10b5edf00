package io.karipap.network;

import io.karipap.format.Tensor;
import io.karipap.kernels.WeightRows;
import io.karipap.kernels.WeightType;

/**
 * A site as a matrix: element (n, k) is the element number {@code start + rowAt[n] + columnAt[k]} of the tensor.
 */
final class SiteRows implements WeightRows {
    private final Tensor tensor;
    private final long start;
    private final long[] rowAt;
    private final long[] columnAt;
    private final boolean contiguous;

    /**
     * @param tensor the site's tensor
     * @param start number of the first element
     * @param rowAt where the N rows lie
     * @param columnAt where the K columns lie within a row
     */
    SiteRows(Tensor tensor, long start, long[] rowAt, long[] columnAt) {
        this.tensor = tensor;
        this.start = start;
        this.rowAt = rowAt;
        this.columnAt = columnAt;
        boolean inSequence = true;
        for (int k = 1; k < columnAt.length; k++) {
            inSequence &= columnAt[k] == columnAt[k - 1] + 1;
        }
        this.contiguous = inSequence;
    }

    @Override
    public int rows() {
        return rowAt.length;
    }

    @Override
    public int columns() {
        return columnAt.length;
    }

    /** Whether a row of the matrix is a whole row of the tensor, whose groups of codes then are those of the matrix. */
    private boolean wholeRows() {
        return columnAt.length == tensor.columns() && contiguous;
    }

    /**
     * The type to pack with.
     *
     * @param asked null for the tensor's own, which codes can keep only where their groups run along the columns
     */
    WeightType packedType(WeightType asked) {
        if (asked != null) {
            return asked;
        }
        return tensor.type().quantized() && !wholeRows() ? WeightType.F32 : tensor.type();
    }

    @Override
    public void read(int n, float[] out) {
        long at = start + rowAt[n];
        if (contiguous) {
            tensor.read(at + columnAt[0], columnAt.length, out);
            return;
        }
        for (int k = 0; k < columnAt.length; k++) {
            out[k] = tensor.get(at + columnAt[k]);
        }
    }

    @Override
    public void readCodes(int n, WeightType type, float[] row, byte[] codes, short[] scales) {
        if (tensor.type() == type && wholeRows()) {
            tensor.readCodes(tensorRow(n), codes, scales);
        } else {
            WeightRows.super.readCodes(n, type, row, codes, scales);
        }
    }

    @Override
    public void readAffine(int n, WeightType type, byte[] codes, float[] scales, float[] offsets) {
        if (tensor.type() == type && wholeRows()) {
            tensor.readAffine(tensorRow(n), codes, scales, offsets);
        } else {
            WeightRows.super.readAffine(n, type, codes, scales, offsets);
        }
    }

    /** The row of the tensor that row {@code n} is, where rows are whole. */
    private long tensorRow(int n) {
        return (start + rowAt[n] + columnAt[0]) / tensor.columns();
    }

    /** Gives back the memory of the tensor, of which this may be a part. */
    void unload() {
        tensor.unload();
    }
}
