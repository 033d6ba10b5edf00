package io.karipap.format;

import io.karipap.kernels.WeightRows;
import io.karipap.kernels.WeightType;

/** A tensor as a matrix whose rows run along its last dimension. */
public record TensorRows(Tensor tensor) implements WeightRows {
    @Override
    public int rows() {
        return Math.toIntExact(tensor.elements() / Math.max(1, tensor.columns()));
    }

    @Override
    public int columns() {
        return tensor.columns();
    }

    @Override
    public void read(int n, float[] out) {
        tensor.read((long) n * columns(), columns(), out);
    }

    @Override
    public void readCodes(int n, WeightType type, float[] row, byte[] codes, short[] scales) {
        if (tensor.type() == type) {
            tensor.readCodes(n, codes, scales);
        } else {
            WeightRows.super.readCodes(n, type, row, codes, scales);
        }
    }

    @Override
    public void readAffine(int n, WeightType type, byte[] codes, float[] scales, float[] offsets) {
        if (tensor.type() == type) {
            tensor.readAffine(n, codes, scales, offsets);
        } else {
            WeightRows.super.readAffine(n, type, codes, scales, offsets);
        }
    }
}
