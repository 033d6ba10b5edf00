package io.karipap.export;

import io.karipap.kernels.WeightRows;
import io.karipap.kernels.WeightType;
import java.util.List;

/** Matrices of the same input, one below the other. */
record StackedRows(List<WeightRows> parts) implements WeightRows {
    private interface Reader {
        void read(WeightRows part, int n);
    }

    StackedRows {
        parts = List.copyOf(parts);
    }

    @Override
    public int rows() {
        return parts.stream().mapToInt(WeightRows::rows).sum();
    }

    @Override
    public int columns() {
        return parts.getFirst().columns();
    }

    @Override
    public void read(int n, float[] out) {
        at(n, (part, row) -> part.read(row, out));
    }

    @Override
    public void readCodes(int n, WeightType type, float[] row, byte[] codes, short[] scales) {
        at(n, (part, r) -> part.readCodes(r, type, row, codes, scales));
    }

    private void at(int n, Reader reader) {
        int from = 0;
        for (WeightRows part : parts) {
            if (n < from + part.rows()) {
                reader.read(part, n - from);
                return;
            }
            from += part.rows();
        }
        throw new IndexOutOfBoundsException(n);
    }
}
