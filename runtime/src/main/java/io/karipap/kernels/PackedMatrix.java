package io.karipap.kernels;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

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
        int rows = rowAt.length;
        int columns = columnAt.length;
        MemorySegment data = memory.allocate(bytes(type, rows, columns));
        PackedMatrix packed = new PackedMatrix(type, rows, columns, data);
        for (int n = 0; n < rows; n++) {
            for (int k = 0; k < columns; k++) {
                long element = rowAt[n] + columnAt[k];
                boolean finite;
                if (type == WeightType.F32) {
                    int bits = source.get(INT, element * 4);
                    finite = (bits & 0x7f800000) != 0x7f800000;
                    data.set(INT, packed.byteAt(n, k), bits);
                } else {
                    short bits = source.get(SHORT, element * 2);
                    int exponent = type == WeightType.BF16 ? 0x7f80 : 0x7c00;
                    finite = (bits & exponent) != exponent;
                    data.set(SHORT, packed.byteAt(n, k), bits);
                }
                if (!finite) {
                    throw new IllegalArgumentException("weight [" + n + ", " + k + "] is infinite or not a number");
                }
            }
        }
        return packed;
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
