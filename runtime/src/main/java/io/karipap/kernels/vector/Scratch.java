package io.karipap.kernels.vector;

import io.karipap.kernels.PackedMatrix;
import io.karipap.kernels.Rows;
import io.karipap.kernels.WeightType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * What a thread needs while it works: prepared activations, expanded weights, the results of a block, lanes and last elements of a
 * reduction.
 */
final class Scratch {
    /** Most columns that are expanded at once. */
    static final int COLUMNS = 512;

    private static final int PANEL = PackedMatrix.PANEL;
    private static final int LANES = Vectors.LANES;

    private final MemorySegment panels =
            Arena.ofAuto().allocate((long) Streams.FEATURES * COLUMNS * Float.BYTES, PackedMatrix.LANE_BYTES);
    private final Streams streams = new Streams();

    /** The panel that is being expanded: storing vectors to an array is faster than to a segment. */
    final float[] floats = new float[COLUMNS * PANEL];

    final float[] lanes = new float[PANEL];
    final float[] tail = new float[PANEL];
    final float[] exponentials = new float[512];
    float[] block = new float[0];
    float[] x = new float[0];

    /** Columns rounded up to whole groups: the activations beyond the last column are zero. */
    static int padded(int columns) {
        return WeightType.groups(columns) * WeightType.GROUP;
    }

    private void reserve(int count, int columns) {
        int needed = Math.multiplyExact(count, padded(columns));
        if (x.length < needed) {
            x = new float[needed];
        }
        if (block.length < count * Streams.FEATURES) {
            block = new float[count * Streams.FEATURES];
        }
    }

    /**
     * Copies the activations, for every {@code chunk} columns one register tile after the other, within a tile column after column,
     * padded with zeros to whole groups. A tile has 6, 4, 2 rows or 1.
     */
    void prepare(Rows rows, int count, int columns, int chunk) {
        reserve(count, columns);
        for (int from = 0; from < columns; from += chunk) {
            int width = Math.min(chunk, columns - from);
            int to = from * count;
            int m = 0;
            for (; m + 6 <= count; m += 6) {
                F32Weights.interleave6(rows, m, from, width, x, to);
                to = pad(to, width, 6);
            }
            for (; m + 4 <= count; m += 4) {
                F32Weights.interleave4(rows, m, from, width, x, to);
                to = pad(to, width, 4);
            }
            for (; m + 2 <= count; m += 2) {
                F32Weights.interleave2(rows, m, from, width, x, to);
                to = pad(to, width, 2);
            }
            if (m < count) {
                System.arraycopy(rows.data(), rows.at(m) + from, x, to, width);
                pad(to, width, 1);
            }
        }
    }

    /** Fills a tile up with zeros; returns where it ends. */
    private int pad(int at, int width, int rows) {
        int end = at + padded(width) * rows;
        Arrays.fill(x, at + width * rows, end, 0f);
        return end;
    }

    /** The packed weights of {@code features} output features from {@code n} on. Features beyond the last repeat the last vector. */
    Streams packed(PackedMatrix w, int n, int features) {
        streams.data = w.data();
        streams.p0 = vectorAt(w, n + featureOf(0, features));
        streams.p1 = vectorAt(w, n + featureOf(1, features));
        streams.p2 = vectorAt(w, n + featureOf(2, features));
        streams.p3 = vectorAt(w, n + featureOf(3, features));
        if (w.type().quantized()) {
            streams.codes(w.codesAt(0), w.type());
        }
        return streams;
    }

    /** A panel of packed weights from column {@code from} on, a multiple of {@link PackedMatrix#K_BLOCK}, as the first stream. */
    Streams panel(PackedMatrix w, int panel, int from) {
        streams.data = w.data();
        if (w.type().quantized()) {
            int group = from / WeightType.GROUP;
            long scalesAt = w.scalesAt(group);
            streams.p0 = w.panelAt(panel) + scalesAt;
            streams.codes(w.codesAt(group) - scalesAt, w.type());
        } else {
            streams.p0 = w.panelAt(panel) + from * (long) (PANEL * w.type().bits() / 8);
        }
        return streams;
    }

    /** Copies the panel that was expanded to the place number {@code slot} of the expanded panels. */
    void keepPanel(int slot, int columns) {
        MemorySegment.copy(floats, 0, panels, ValueLayout.JAVA_FLOAT, slot * panelBytes(), columns * PANEL);
    }

    /** The expanded panels, of which {@code features} output features count. */
    Streams expanded(int features) {
        streams.data = panels;
        streams.p0 = expandedAt(featureOf(0, features));
        streams.p1 = expandedAt(featureOf(1, features));
        streams.p2 = expandedAt(featureOf(2, features));
        streams.p3 = expandedAt(featureOf(3, features));
        return streams;
    }

    /** The feature at which the vector number {@code chain} of a block begins. */
    private static int featureOf(int chain, int features) {
        return Math.min(chain, (features - 1) / LANES) * LANES;
    }

    private static long vectorAt(PackedMatrix w, int feature) {
        return w.panelAt(feature / PANEL) + feature % PANEL * 4L;
    }

    private static long expandedAt(int feature) {
        return feature / PANEL * panelBytes() + feature % PANEL * 4L;
    }

    private static long panelBytes() {
        return COLUMNS * (long) PackedMatrix.LANE_BYTES;
    }
}
