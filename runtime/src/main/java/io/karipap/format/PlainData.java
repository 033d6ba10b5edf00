package io.karipap.format;

import io.karipap.kernels.WeightType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Floating-point elements, little-endian.
 *
 * @param type type of the elements
 * @param data the elements; valid while the store that gave it is open
 */
record PlainData(WeightType type, MemorySegment data) implements TensorData {
    static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    @Override
    public String stored() {
        return type.name();
    }

    @Override
    public long bytes() {
        return data.byteSize();
    }

    @Override
    public float get(long index) {
        return type == WeightType.F32 ? data.get(FLOAT, index * 4) : type.toFloat(data.get(SHORT, index * 2));
    }

    @Override
    public void read(long from, int count, float[] out) {
        if (type == WeightType.F32) {
            MemorySegment.copy(data, FLOAT, from * 4, out, 0, count);
            return;
        }
        short[] halves = new short[count];
        MemorySegment.copy(data, SHORT, from * 2, halves, 0, count);
        if (type == WeightType.BF16) {
            for (int i = 0; i < count; i++) {
                out[i] = Float.intBitsToFloat(halves[i] << 16);
            }
        } else {
            for (int i = 0; i < count; i++) {
                out[i] = Float.float16ToFloat(halves[i]);
            }
        }
    }

    /** The elements of a matrix {@code [rows, columns]} column by column, copied. */
    PlainData transposed(int rows, int columns) {
        int size = type.bits() / 8;
        MemorySegment copy = MemorySegment.ofArray(new byte[Math.toIntExact(data.byteSize())]);
        for (long i = 0; i < rows; i++) {
            for (long k = 0; k < columns; k++) {
                MemorySegment.copy(data, (i * columns + k) * size, copy, (k * rows + i) * size, size);
            }
        }
        return new PlainData(type, copy);
    }

    @Override
    public void unload() {
        unload(data);
    }

    static void unload(MemorySegment data) {
        if (data.isMapped()) {
            data.unload();
        }
    }
}
