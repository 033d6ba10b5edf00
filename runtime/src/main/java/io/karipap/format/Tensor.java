package io.karipap.format;

import io.karipap.kernels.WeightType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;

/**
 * A tensor as it lies in a file: row-major, little-endian.
 *
 * @param name name in the file
 * @param type type of the elements
 * @param shape dimensions
 * @param data the elements; valid while the store that gave it is open
 */
public record Tensor(String name, WeightType type, List<Integer> shape, MemorySegment data) {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    public Tensor {
        shape = List.copyOf(shape);
    }

    /** Number of elements. */
    public long elements() {
        return data.byteSize() / type.bytes();
    }

    /** Element number {@code index} in row-major order. */
    public float get(long index) {
        int bits = type.bytes() == 4 ? data.get(INT, index * 4) : data.get(SHORT, index * 2) & 0xffff;
        return type.toFloat(bits);
    }

    /** All elements as floats: for vectors and other small tensors. */
    public float[] toFloats() {
        float[] values = new float[Math.toIntExact(elements())];
        for (int i = 0; i < values.length; i++) {
            values[i] = get(i);
        }
        return values;
    }

    /** Stores {@code value} as the element number {@code index} of {@code data}. */
    static void set(MemorySegment data, WeightType type, long index, float value) {
        int bits = type.fromFloat(value);
        if (type.bytes() == 4) {
            data.set(INT, index * 4, bits);
        } else {
            data.set(SHORT, index * 2, (short) bits);
        }
    }
}
