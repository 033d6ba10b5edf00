package io.karipap.kernels;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A weight matrix {@code W [N, K]} as the kernels want it: panels of {@link #PANEL} rows, within a panel column after column, so that
 * one SIMD load brings the same column of neighbouring rows. Rows are padded with zeros to a whole panel.
 *
 * <p>Element order: {@code [N/P][K][P]} for 32-bit weights; {@code [N/P][K/2][P][2]} for 16-bit weights, where one 32-bit lane holds
 * an even column in its low half and the next column in its high half (K is padded to even).
 */
public final class PackedMatrix {
    /** Rows in a panel: the lanes of a 512-bit vector of floats, the widest there is. Narrower machines use several vectors. */
    public static final int PANEL = 16;

    /** Columns summed in sequence before the sum joins the total: 64 rows × 512 columns expanded to floats fill 128 kB of L2. */
    public static final int K_BLOCK = 512;

    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final WeightType type;
    private final int rows;
    private final int columns;
    private final MemorySegment data;

    private PackedMatrix(WeightType type, int rows, int columns, MemorySegment data) {
        this.type = type;
        this.rows = rows;
        this.columns = columns;
        this.data = data;
    }

    /**
     * Packs weights that lie anywhere: element (n, k) is the weight number {@code rowAt[n] + columnAt[k]} of {@code source}.
     *
     * @param type type of the weights, before and after
     * @param source little-endian weights
     * @param rowAt where each of the N rows starts, in weights
     * @param columnAt where each of the K columns stands within a row, in weights
     * @param memory where the packed weights live
     * @throws IllegalArgumentException if a weight is infinite or not a number
     */
    public static PackedMatrix pack(
            WeightType type, MemorySegment source, long[] rowAt, long[] columnAt, WeightMemory memory) {
        PackedMatrix packed = new PackedMatrix(
                type, rowAt.length, columnAt.length, memory.allocate(bytes(type, rowAt.length, columnAt.length)));
        // Through arrays: element-wise access to segments is slow until the JIT compiler has seen it.
        int[] row = new int[columnAt.length];
        int[] panel = new int[Math.toIntExact(packed.panelBytes() / 4)];
        for (int p = 0; p < packed.panels(); p++) {
            Arrays.fill(panel, 0);
            for (int lane = 0; lane < PANEL && p * PANEL + lane < packed.rows; lane++) {
                int n = p * PANEL + lane;
                readRow(type, source, rowAt[n], columnAt, row);
                packed.checkFinite(row, n);
                for (int k = 0; k < row.length; k++) {
                    if (type.bytes() == 4) {
                        panel[k * PANEL + lane] = row[k];
                    } else {
                        panel[(k >> 1) * PANEL + lane] |= row[k] << 16 * (k & 1);
                    }
                }
            }
            MemorySegment.copy(panel, 0, packed.data, INT, p * packed.panelBytes(), panel.length);
        }
        return packed;
    }

    /** Bits of the weights of a row, in order of its columns. */
    private static void readRow(WeightType type, MemorySegment source, long rowAt, long[] columnAt, int[] row) {
        int columns = columnAt.length;
        boolean contiguous = columnAt[columns - 1] - columnAt[0] == columns - 1;
        for (int k = 1; contiguous && k < columns; k++) {
            contiguous = columnAt[k] == columnAt[k - 1] + 1;
        }
        if (type.bytes() == 4) {
            if (contiguous) {
                MemorySegment.copy(source, INT, (rowAt + columnAt[0]) * 4, row, 0, columns);
                return;
            }
            for (int k = 0; k < columns; k++) {
                row[k] = source.get(INT, (rowAt + columnAt[k]) * 4);
            }
            return;
        }
        if (contiguous) {
            short[] halves = new short[columns];
            MemorySegment.copy(source, SHORT, (rowAt + columnAt[0]) * 2, halves, 0, columns);
            for (int k = 0; k < columns; k++) {
                row[k] = halves[k] & 0xffff;
            }
            return;
        }
        for (int k = 0; k < columns; k++) {
            row[k] = source.get(SHORT, (rowAt + columnAt[k]) * 2) & 0xffff;
        }
    }

    private void checkFinite(int[] row, int n) {
        int exponent =
                switch (type) {
                    case F32 -> 0x7f800000;
                    case BF16 -> 0x7f80;
                    case F16 -> 0x7c00;
                };
        for (int k = 0; k < row.length; k++) {
            if ((row[k] & exponent) == exponent) {
                throw new IllegalArgumentException("weight [" + n + ", " + k + "] is infinite or not a number");
            }
        }
    }

    /**
     * Columns [from, to) of panel {@code p} as floats {@code [to − from, P]} at the start of {@code out}; from is even. One column more
     * may be written, of zeros.
     */
    void expand(int p, int from, int to, float[] out) {
        boolean pairs = type.bytes() == 2;
        int first = pairs ? from / 2 : from;
        int count = (pairs ? (to + 1) / 2 - first : to - first) * PANEL;
        int[] bits = new int[count];
        MemorySegment.copy(data, INT, p * panelBytes() + first * (long) PANEL * 4, bits, 0, count);
        switch (type) {
            case F32 -> {
                for (int i = 0; i < count; i++) {
                    out[i] = Float.intBitsToFloat(bits[i]);
                }
            }
            case BF16 -> {
                for (int i = 0; i < count; i++) {
                    int at = 2 * i - i % PANEL;
                    out[at] = Float.intBitsToFloat(bits[i] << 16);
                    out[at + PANEL] = Float.intBitsToFloat(bits[i] & 0xffff0000);
                }
            }
            case F16 -> {
                for (int i = 0; i < count; i++) {
                    int at = 2 * i - i % PANEL;
                    out[at] = Float.float16ToFloat((short) bits[i]);
                    out[at + PANEL] = Float.float16ToFloat((short) (bits[i] >>> 16));
                }
            }
        }
    }

    /** Packs a row-major matrix of {@code rows} × {@code columns} weights. */
    public static PackedMatrix pack(WeightType type, MemorySegment source, int rows, int columns, WeightMemory memory) {
        long[] rowAt = new long[rows];
        for (int n = 0; n < rows; n++) {
            rowAt[n] = (long) n * columns;
        }
        long[] columnAt = new long[columns];
        for (int k = 0; k < columns; k++) {
            columnAt[k] = k;
        }
        return pack(type, source, rowAt, columnAt, memory);
    }

    /** Bytes that a packed matrix takes. */
    static long bytes(WeightType type, int rows, int columns) {
        long panels = (rows + PANEL - 1L) / PANEL;
        long paddedColumns = type.bytes() == 2 ? columns + 1L & ~1L : columns;
        return Math.multiplyExact(Math.multiplyExact(panels * PANEL, paddedColumns), type.bytes());
    }

    public WeightType type() {
        return type;
    }

    /** N. */
    public int rows() {
        return rows;
    }

    /** K. */
    public int columns() {
        return columns;
    }

    /** Panels, the last one perhaps padded. */
    public int panels() {
        return (rows + PANEL - 1) / PANEL;
    }

    MemorySegment data() {
        return data;
    }

    /** Bytes from one panel to the next. */
    long panelBytes() {
        return data.byteSize() / panels();
    }

    /** Where the weight (n, k) lies. */
    long byteAt(int n, int k) {
        long panel = n / PANEL * panelBytes();
        int lane = n % PANEL;
        return type.bytes() == 4
                ? panel + ((long) k * PANEL + lane) * 4
                : panel + ((long) (k >> 1) * PANEL + lane) * 4 + (k & 1) * 2L;
    }

    /** The weight (n, k). */
    public float get(int n, int k) {
        int bits = type == WeightType.F32 ? data.get(INT, byteAt(n, k)) : data.get(SHORT, byteAt(n, k)) & 0xffff;
        return type.toFloat(bits);
    }

    /** Writes row {@code n} to {@code out[at, at + K)}: the lookup of an embedding. */
    public void copyRow(int n, float[] out, int at) {
        for (int k = 0; k < columns; k++) {
            out[at + k] = get(n, k);
        }
    }
}
