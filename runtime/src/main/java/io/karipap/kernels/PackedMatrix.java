package io.karipap.kernels;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A weight matrix {@code W [N, K]} as the kernels want it: panels of {@link #PANEL} rows, within a panel column after column, so that
 * one SIMD load brings the same columns of neighbouring rows. Rows are padded with zeros to a whole panel.
 *
 * <p>A 32-bit lane holds one column of a 32-bit weight, two columns of 16 bits, four codes of 8 or eight of 4 bits, the lower column in
 * the lower bits: element order {@code [N/P][K/c][P][c]}, K padded to a multiple of c. Codes are stored unsigned, lanes of codes turned
 * as {@link CodeLayout} says, K padded to a multiple of {@link WeightType#GROUP}; before them stand the scales of all groups of the panel,
 * {@code [groups/2][P][2]} in binary16, or of an affine type {@code [groups][P]} in binary32, each vector of scales followed by one of
 * offsets where the type has them.
 *
 * <p>The panels of a {@link #BLOCK} may lie apart, each behind the same panel of the block before: see {@link #panelOffsets}.
 */
public final class PackedMatrix {
    /** Raised whenever the same weights are packed otherwise: packed weights are kept in files. */
    public static final int LAYOUT_VERSION = 1;

    /** Rows in a panel: the lanes of a 512-bit vector of floats, the widest there is. Narrower machines use several vectors. */
    public static final int PANEL = 16;

    /** Columns summed in sequence before the sum joins the total. Shorter blocks are slower: loops of few turns cost more than their work. */
    public static final int K_BLOCK = 256;

    /** Bytes of a 32-bit lane of a whole panel. */
    public static final int LANE_BYTES = PANEL * 4;

    private static final int BLOCK_PANELS = 4;

    /** Bytes read in sequence from each panel of a block: more are no faster, and streams far apart are slower. */
    private static final long STREAM_BYTES = 64 << 10;

    /** Rows that are computed together. */
    public static final int BLOCK = BLOCK_PANELS * PANEL;

    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final WeightType type;
    private final int rows;
    private final int columns;
    private final MemorySegment data;
    private final long panelBytes;
    private final long[] panelAt;

    private PackedMatrix(WeightType type, WeightRows weights, WeightMemory memory) {
        this(type, weights.rows(), weights.columns(), memory.allocate(bytes(type, weights.rows(), weights.columns())));
    }

    private PackedMatrix(WeightType type, int rows, int columns, MemorySegment data) {
        this.type = type;
        this.rows = rows;
        this.columns = columns;
        this.data = data;
        this.panelBytes = panelBytes(type, columns);
        this.panelAt = panelOffsets(panels(), panelBytes);
    }

    /**
     * Where the panels lie. Within a section the first panels of all blocks come first, then the second ones and so on: a kernel reads the
     * panels of a block side by side, and long streams are what memory is best at.
     */
    private static long[] panelOffsets(int panels, long panelBytes) {
        int sectionPanels = BLOCK_PANELS * (int) Math.max(1, STREAM_BYTES / panelBytes);
        long[] offsets = new long[panels];
        for (int p = 0; p < panels; p++) {
            int first = p / sectionPanels * sectionPanels;
            int inSection = Math.min(sectionPanels, panels - first);
            int stream = p % BLOCK_PANELS;
            int before = stream * (inSection / BLOCK_PANELS) + Math.min(stream, inSection % BLOCK_PANELS);
            offsets[p] = (first + before + (p - first) / BLOCK_PANELS) * panelBytes;
        }
        return offsets;
    }

    /**
     * Packs weights, rounding them where {@code type} asks for it.
     *
     * @param memory where the packed weights live
     * @param team who packs
     * @throws IllegalArgumentException if a weight is not finite, or after rounding would not be
     */
    public static PackedMatrix pack(WeightType type, WeightRows weights, WeightMemory memory, WorkerTeam team) {
        PackedMatrix packed = new PackedMatrix(type, weights, memory);
        team.run((part, parts) -> packed.fill(weights, (int) ((long) packed.panels() * part / parts), (int)
                ((long) packed.panels() * (part + 1) / parts)));
        return packed;
    }

    /** As {@link #pack(WeightType, WeightRows, WeightMemory, WorkerTeam)}, by the calling thread alone. */
    public static PackedMatrix pack(WeightType type, WeightRows weights, WeightMemory memory) {
        PackedMatrix packed = new PackedMatrix(type, weights, memory);
        packed.fill(weights, 0, packed.panels());
        return packed;
    }

    /**
     * A matrix that was packed before.
     *
     * @param data its {@link #data()}
     * @throws IllegalArgumentException if that has another size
     */
    public static PackedMatrix of(WeightType type, int rows, int columns, MemorySegment data) {
        if (data.byteSize() != bytes(type, rows, columns)) {
            throw new IllegalArgumentException(
                    data.byteSize() + " bytes are no " + type + " matrix of " + rows + "×" + columns);
        }
        return new PackedMatrix(type, rows, columns, data);
    }

    /** Packs panels [from, to), through arrays: element-wise access to segments is slow until the JIT compiler has seen it. */
    private void fill(WeightRows weights, int from, int to) {
        float[] row = new float[columns];
        byte[] codes = new byte[groups() * WeightType.GROUP]; // behind the last column zeros
        CodeScales scales = CodeScales.of(type, columns);
        int[] panel = new int[Math.toIntExact(panelBytes / 4)];
        for (int p = from; p < to; p++) {
            Arrays.fill(panel, type.quantized() ? CodeLayout.of(type).zeros() : 0);
            for (int lane = 0; lane < PANEL; lane++) {
                int n = p * PANEL + lane;
                if (n >= rows) {
                    scales.putZeros(panel, lane);
                } else if (type.quantized()) {
                    scales.read(weights, n, row, codes);
                    putCodes(codes, panel, lane);
                    scales.put(panel, lane);
                } else {
                    weights.read(n, row);
                    putFloats(row, n, panel, lane);
                }
            }
            MemorySegment.copy(panel, 0, data, INT, panelAt(p), panel.length);
        }
    }

    /** Plain loops: they run while the JIT compiler is busy with everything else. */
    private void putFloats(float[] row, int n, int[] panel, int lane) {
        boolean finite = true;
        switch (type) {
            case F32 -> {
                for (int k = 0; k < row.length; k++) {
                    int bits = Float.floatToRawIntBits(row[k]);
                    finite &= (bits & 0x7f800000) != 0x7f800000;
                    panel[k * PANEL + lane] = bits;
                }
            }
            case BF16 -> {
                for (int k = 0; k < row.length; k++) {
                    int bits = Float.floatToRawIntBits(row[k]);
                    int half = bits + 0x7fff + (bits >>> 16 & 1) >>> 16;
                    finite &= (half & 0x7f80) != 0x7f80;
                    panel[(k >> 1) * PANEL + lane] |= half << ((k & 1) << 4);
                }
            }
            case F16 -> {
                for (int k = 0; k < row.length; k++) {
                    int half = Float.floatToFloat16(row[k]) & 0xffff;
                    finite &= (half & 0x7c00) != 0x7c00;
                    panel[(k >> 1) * PANEL + lane] |= half << ((k & 1) << 4);
                }
            }
            case Q8, Q4, A8, A4, A4_16, S8_16 -> throw new IllegalStateException(type + " has codes");
        }
        for (int k = 0; !finite && k < row.length; k++) {
            if (!Float.isFinite(type.toFloat(type.fromFloat(row[k])))) {
                throw new IllegalArgumentException("weight [" + n + ", " + k + "] is infinite or not a number");
            }
        }
    }

    private void putCodes(byte[] codes, int[] panel, int lane) {
        int at = (int) (codesAt(0) / 4) + lane;
        CodeLayout layout = CodeLayout.of(type);
        if (type.bits() == 8) {
            for (int k = 0; k < codes.length; k += 4, at += PANEL) {
                int signed =
                        codes[k] & 0xff | (codes[k + 1] & 0xff) << 8 | (codes[k + 2] & 0xff) << 16 | codes[k + 3] << 24;
                panel[at] = layout.stored(signed);
            }
        } else {
            for (int k = 0; k < codes.length; k += 8, at += PANEL) {
                int signed = 0;
                for (int c = 0; c < 8; c++) {
                    signed |= (codes[k + c] & 0xf) << 4 * c;
                }
                panel[at] = layout.stored(signed);
            }
        }
    }

    /** Where what belongs to the group of {@link WeightType#GROUP} columns number {@code g} lies in a panel, in bytes. */
    public long scalesAt(int g) {
        return CodeScales.at(type, g);
    }

    /** Where the codes of group {@code g} lie in a panel, in bytes. */
    public long codesAt(int g) {
        return CodeScales.bytes(type, groups()) + g * groupBytes(type);
    }

    private static long groupBytes(WeightType type) {
        return WeightType.GROUP * PANEL * (long) type.bits() / 8;
    }

    /**
     * Columns [from, to) of panel {@code p} as floats {@code [to − from, P]} at the start of {@code out}; from is a multiple of
     * {@link #K_BLOCK}, and of one column more zeros may be written. Through arrays and plain loops, for scalar kernels compute the
     * first tokens while the JIT compiler is busy.
     */
    public void expand(int p, int from, int to, float[] out) {
        if (type.quantized()) {
            for (int k = from; k < to; k += WeightType.GROUP) {
                expandGroup(panelAt(p), k / WeightType.GROUP, out, (k - from) * PANEL);
            }
            return;
        }
        int perLane = 32 / type.bits();
        int count = (to - from + perLane - 1) / perLane * PANEL;
        int[] bits = new int[count];
        MemorySegment.copy(data, INT, panelAt(p) + from / perLane * (long) LANE_BYTES, bits, 0, count);
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
            case Q8, Q4, A8, A4, A4_16, S8_16 -> throw new IllegalStateException(type + " has groups");
        }
    }

    private void expandGroup(long panelAt, int g, float[] out, int to) {
        int[] bits = new int[(int) (groupBytes(type) / 4)];
        float[] scales = new float[WeightType.GROUP / type.group() * PANEL];
        float[] offsets = new float[scales.length];
        MemorySegment.copy(data, INT, panelAt + codesAt(g), bits, 0, bits.length);
        for (int i = 0; i < scales.length; i++) {
            int k = g * WeightType.GROUP + i / PANEL * type.group();
            scales[i] = scale(panelAt, i % PANEL, k);
            offsets[i] = offset(panelAt, i % PANEL, k);
        }
        int perLane = 32 / type.bits();
        int mask = (1 << type.bits()) - 1;
        CodeLayout layout = CodeLayout.of(type);
        for (int i = 0; i < bits.length; i++) {
            int codes = layout.unsigned(bits[i]);
            int lane = i % PANEL;
            int k = i / PANEL * perLane;
            int scale = k / type.group() * PANEL + lane;
            for (int c = 0; c < perLane; c++) {
                int code = (codes >>> c * type.bits() & mask) - type.bias();
                out[to + (k + c) * PANEL + lane] = Math.fma((float) code, scales[scale], offsets[scale]);
            }
        }
    }

    private float weight(long panelAt, int lane, int k) {
        int perLane = 32 / type.bits();
        long at = panelAt
                + (type.quantized()
                        ? codesAt(k / WeightType.GROUP) + (k % WeightType.GROUP / perLane * PANEL + lane) * 4L
                        : ((long) (k / perLane) * PANEL + lane) * 4);
        int bits = data.get(INT, at);
        if (!type.quantized()) {
            return type.toFloat(bits >>> k % perLane * type.bits());
        }
        int codes = CodeLayout.of(type).unsigned(bits) >>> k % perLane * type.bits();
        int code = (codes & (1 << type.bits()) - 1) - type.bias();
        return Math.fma((float) code, scale(panelAt, lane, k), offset(panelAt, lane, k));
    }

    /** The scale of column {@code k}. */
    private float scale(long panelAt, int lane, int k) {
        int bits = data.get(INT, panelAt + CodeScales.scaleAt(type, k) + lane * 4L);
        return type.affine()
                ? Float.intBitsToFloat(bits)
                : Float.float16ToFloat((short) (bits >>> 16 * (k / WeightType.GROUP & 1)));
    }

    /** The offset of column {@code k}; −0, which adds nothing to any number, where the type has none. */
    private float offset(long panelAt, int lane, int k) {
        long at = panelAt + CodeScales.scaleAt(type, k) + LANE_BYTES + lane * 4L;
        return type.offsets() ? Float.intBitsToFloat(data.get(INT, at)) : -0f;
    }

    private int groups() {
        return WeightType.groups(columns);
    }

    /** Bytes that a packed matrix takes. */
    public static long bytes(WeightType type, int rows, int columns) {
        return Math.multiplyExact((rows + PANEL - 1L) / PANEL, panelBytes(type, columns));
    }

    private static long panelBytes(WeightType type, int columns) {
        if (type.quantized()) {
            int groups = WeightType.groups(columns);
            return CodeScales.bytes(type, groups) + groups * groupBytes(type);
        }
        int perLane = 32 / type.bits();
        return (columns + perLane - 1L) / perLane * LANE_BYTES;
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

    /** Blocks of {@link #BLOCK} rows, as the kernels compute them; the last one perhaps smaller. */
    public int blocks() {
        return (panels() + BLOCK_PANELS - 1) / BLOCK_PANELS;
    }

    /** First panel of a block; behind the last block the number of panels. */
    public int panel(int block) {
        return Math.min(panels(), block * BLOCK_PANELS);
    }

    /** Where the weights lie: 64-byte aligned native memory. */
    public MemorySegment data() {
        return data;
    }

    /** Where a panel lies, in bytes. */
    public long panelAt(int p) {
        return panelAt[p];
    }

    /** The weight (n, k). */
    public float get(int n, int k) {
        return weight(panelAt(n / PANEL), n % PANEL, k);
    }

    /** Writes row {@code n} to {@code out[at, at + K)}: the lookup of an embedding. */
    public void copyRow(int n, float[] out, int at) {
        long panelAt = panelAt(n / PANEL);
        for (int k = 0; k < columns; k++) {
            out[at + k] = weight(panelAt, n % PANEL, k);
        }
    }
}
