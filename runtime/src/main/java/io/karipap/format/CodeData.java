package io.karipap.format;

import io.karipap.kernels.WeightType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Codes as Karipap writes them.
 *
 * @param type {@link WeightType#Q8} or {@link WeightType#Q4}
 * @param columns size of the last dimension, along which groups run
 * @param codes of 8 bits signed bytes, of 4 bits unsigned pairs, the even column in the low half of a byte, 8 standing for zero; rows
 *     start at whole bytes. Valid while the store that gave it is open
 * @param scales one binary16 a group
 */
record CodeData(WeightType type, int columns, MemorySegment codes, MemorySegment scales) implements TensorData {
    @Override
    public String stored() {
        return type.name();
    }

    @Override
    public long bytes() {
        return codes.byteSize() + scales.byteSize();
    }

    @Override
    public float get(long index) {
        long row = index / columns;
        int k = (int) (index % columns);
        return code(row, k)
                * Float.float16ToFloat(scales.get(PlainData.SHORT, (row * groups() + k / WeightType.GROUP) * 2));
    }

    private int code(long row, int k) {
        if (type == WeightType.Q8) {
            return codes.get(ValueLayout.JAVA_BYTE, row * columns + k);
        }
        return (codes.get(ValueLayout.JAVA_BYTE, row * ((columns + 1) / 2) + k / 2) >>> 4 * (k & 1) & 0xf) - 8;
    }

    private int groups() {
        return WeightType.groups(columns);
    }

    @Override
    public void read(long from, int count, float[] out) {
        for (int i = 0; i < count; i++) {
            out[i] = get(from + i);
        }
    }

    @Override
    public void readCodes(long row, byte[] codes, short[] scales) {
        if (type == WeightType.Q8) {
            MemorySegment.copy(this.codes, ValueLayout.JAVA_BYTE, row * columns, codes, 0, columns);
        } else {
            for (int k = 0; k < columns; k++) {
                codes[k] = (byte) code(row, k);
            }
        }
        MemorySegment.copy(this.scales, PlainData.SHORT, row * groups() * 2, scales, 0, groups());
    }

    @Override
    public void unload() {
        PlainData.unload(codes);
        PlainData.unload(scales);
    }
}
