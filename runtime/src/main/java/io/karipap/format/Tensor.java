package io.karipap.format;

import io.karipap.format.block.AffineRow;
import io.karipap.kernels.WeightType;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * A tensor of a model.
 *
 * @param name its name
 * @param shape dimensions; groups of codes run along the last one
 * @param data the elements, row-major; valid while the store that gave them is open
 */
public record Tensor(String name, List<Integer> shape, TensorData data) {
    public Tensor {
        shape = List.copyOf(shape);
    }

    /** A tensor of floating-point elements, little-endian. */
    public Tensor(String name, WeightType type, List<Integer> shape, MemorySegment data) {
        this(name, shape, new PlainData(type, data));
    }

    /** The type that holds the elements exactly in memory. */
    public WeightType type() {
        return data.type();
    }

    /** The type that holds the elements exactly in a file of ours. */
    public WeightType fileType() {
        return type().fileType();
    }

    /** Number of elements. */
    public long elements() {
        long elements = 1;
        for (int dimension : shape) {
            elements *= dimension;
        }
        return elements;
    }

    /** Bytes in the file, scales included. */
    public long bytes() {
        return data.bytes();
    }

    /** Size of the last dimension; 1 for a scalar. */
    public int columns() {
        return shape.isEmpty() ? 1 : shape.getLast();
    }

    /** Element number {@code index} in row-major order. */
    public float get(long index) {
        return data.get(index);
    }

    /** Reads {@code count} elements from number {@code from} on into {@code out[0, count)}. */
    public void read(long from, int count, float[] out) {
        data.read(from, count, out);
    }

    /** Reads the codes and scales of a row, the elements of the last dimension; only of quantised tensors. */
    public void readCodes(long row, byte[] codes, short[] scales) {
        data.readCodes(row, codes, scales);
    }

    /** Reads the codes, scales and offsets of a row, the elements of the last dimension; only of tensors of an affine type. */
    public void readAffine(long row, byte[] codes, float[] scales, float[] offsets) {
        AffineRow read = data.affineRow(row);
        System.arraycopy(read.codes(), 0, codes, 0, columns());
        System.arraycopy(read.scales(), 0, scales, 0, scales.length);
        System.arraycopy(read.offsets(), 0, offsets, 0, offsets.length);
    }

    /** The same under another name. */
    public Tensor named(String other) {
        return new Tensor(other, shape, data);
    }

    /**
     * A part of it, which shares its memory.
     *
     * @param part name of the part
     * @param from first row, a row being what the first dimension counts
     * @param count rows
     */
    public Tensor rows(String part, int from, int count) {
        List<Integer> size = new ArrayList<>(shape);
        size.set(0, count);
        int width = Math.toIntExact(elements() / shape.getFirst());
        return new Tensor(part, size, new RowRange(data, width, from, count, shape.getFirst()));
    }

    /**
     * A matrix with rows and columns exchanged, copied.
     *
     * @throws ModelFormatException if it is no matrix of floating-point elements
     */
    public Tensor transposed(String other) {
        if (shape.size() != 2 || !(data instanceof PlainData plain)) {
            throw new ModelFormatException("tensor \"" + name + "\" is of type " + data.stored() + " and shape " + shape
                    + ", expected a matrix of floating-point elements");
        }
        return new Tensor(other, List.of(shape.get(1), shape.get(0)), plain.transposed(shape.get(0), shape.get(1)));
    }

    /** Gives the memory of a mapped tensor back to the system; who reads it again reads the file again. */
    public void unload() {
        data.unload();
    }

    /** All elements as floats: for vectors and other small tensors. */
    public float[] toFloats() {
        float[] values = new float[Math.toIntExact(elements())];
        read(0, values.length, values);
        return values;
    }
}
