package io.karipap.format;

import io.karipap.kernels.WeightType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * A tensor as it lies in a file: row-major, little-endian.
 *
 * @param name name in the file
 * @param type type of the elements
 * @param shape dimensions; groups of codes run along the last one
 * @param data the elements: of 8-bit codes signed bytes, of 4-bit codes unsigned pairs, the even column in the low half of a byte, 8
 *     standing for zero; rows start at whole bytes. Valid while the store that gave it is open
 * @param scales of codes, one binary16 a group; null for floating-point types
 */
public record Tensor(String name, WeightType type, List<Integer> shape, MemorySegment data, MemorySegment scales) {
    static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    public Tensor {
        shape = List.copyOf(shape);
    }

    /** A tensor of floating-point elements. */
    public Tensor(String name, WeightType type, List<Integer> shape, MemorySegment data) {
        this(name, type, shape, data, null);
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
        return data.byteSize() + (scales == null ? 0 : scales.byteSize());
    }

    /** Size of the last dimension; 1 for a scalar. */
    public int columns() {
        return shape.isEmpty() ? 1 : shape.getLast();
    }

    /** Element number {@code index} in row-major order. */
    public float get(long index) {
        return switch (type) {
            case F32 -> data.get(FLOAT, index * 4);
            case BF16, F16 -> type.toFloat(data.get(SHORT, index * 2));
            case Q8, Q4 -> {
                long row = index / columns();
                int k = (int) (index % columns());
                yield code(row, k)
                        * Float.float16ToFloat(scales.get(SHORT, (row * groups() + k / WeightType.GROUP) * 2));
            }
        };
    }

    private int code(long row, int k) {
        if (type == WeightType.Q8) {
            return data.get(ValueLayout.JAVA_BYTE, row * columns() + k);
        }
        return (data.get(ValueLayout.JAVA_BYTE, row * ((columns() + 1) / 2) + k / 2) >>> 4 * (k & 1) & 0xf) - 8;
    }

    private int groups() {
        return WeightType.groups(columns());
    }

    /** Reads {@code count} elements from number {@code from} on into {@code out[0, count)}. */
    public void read(long from, int count, float[] out) {
        switch (type) {
            case F32 -> MemorySegment.copy(data, FLOAT, from * 4, out, 0, count);
            case BF16 -> {
                short[] halves = halves(from, count);
                for (int i = 0; i < count; i++) {
                    out[i] = Float.intBitsToFloat(halves[i] << 16);
                }
            }
            case F16 -> {
                short[] halves = halves(from, count);
                for (int i = 0; i < count; i++) {
                    out[i] = Float.float16ToFloat(halves[i]);
                }
            }
            case Q8, Q4 -> {
                for (int i = 0; i < count; i++) {
                    out[i] = get(from + i);
                }
            }
        }
    }

    private short[] halves(long from, int count) {
        short[] halves = new short[count];
        MemorySegment.copy(data, SHORT, from * 2, halves, 0, count);
        return halves;
    }

    /** Reads the codes and scales of a row, the elements of the last dimension; only of quantised tensors. */
    public void readCodes(long row, byte[] codes, short[] scales) {
        if (type == WeightType.Q8) {
            MemorySegment.copy(data, ValueLayout.JAVA_BYTE, row * columns(), codes, 0, columns());
        } else {
            for (int k = 0; k < columns(); k++) {
                codes[k] = (byte) code(row, k);
            }
        }
        MemorySegment.copy(this.scales, SHORT, row * groups() * 2, scales, 0, groups());
    }

    /** The same under another name. */
    public Tensor named(String other) {
        return new Tensor(other, type, shape, data, scales);
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
        return new Tensor(part, type, size, rows(data, from, count), scales == null ? null : rows(scales, from, count));
    }

    private MemorySegment rows(MemorySegment all, int from, int count) {
        long row = all.byteSize() / shape.getFirst();
        return all.asSlice(from * row, count * row);
    }

    /**
     * A matrix with rows and columns exchanged, copied.
     *
     * @throws ModelFormatException if it is no matrix of floating-point elements
     */
    public Tensor transposed(String other) {
        if (shape.size() != 2 || type.quantized()) {
            throw new ModelFormatException("tensor \"" + name + "\" is of type " + type + " and shape " + shape
                    + ", expected a matrix of floating-point elements");
        }
        int rows = shape.get(0);
        int columns = shape.get(1);
        int bytes = (int) (data.byteSize() / elements());
        MemorySegment copy = MemorySegment.ofArray(new byte[Math.toIntExact(data.byteSize())]);
        for (long i = 0; i < rows; i++) {
            for (long k = 0; k < columns; k++) {
                MemorySegment.copy(data, (i * columns + k) * bytes, copy, (k * rows + i) * bytes, bytes);
            }
        }
        return new Tensor(other, type, List.of(columns, rows), copy);
    }

    /** Gives the memory of a mapped tensor back to the system; who reads it again reads the file again. */
    public void unload() {
        if (data.isMapped()) {
            data.unload();
        }
        if (scales != null && scales.isMapped()) {
            scales.unload();
        }
    }

    /** All elements as floats: for vectors and other small tensors. */
    public float[] toFloats() {
        float[] values = new float[Math.toIntExact(elements())];
        read(0, values.length, values);
        return values;
    }
}
