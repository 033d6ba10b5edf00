package io.karipap.kernels;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** SIMD kernels on the machine's preferred vectors of 4, 8 or 16 floats. */
public final class VectorKernels implements Kernels {
    private static final VectorSpecies<Float> FLOATS = Vectors.FLOATS;
    private static final int LANES = Vectors.LANES;
    private static final int PANEL = PackedMatrix.PANEL;

    /** Vectors of output features computed together: four streams from memory and four chains of FMAs. */
    private static final int CHAINS = VectorGemv.CHAINS;

    /** Output features computed together. */
    private static final int BLOCK = CHAINS * LANES;

    /** Panels that a block touches. */
    private static final int BLOCK_PANELS = BLOCK / PANEL;

    /** Rows of the widest register tile. */
    static final int TILE_ROWS = 6;

    /** From this many rows on, many columns are expanded at once: the expanded weights then come from L2, but the tile is entered less. */
    private static final int MANY_ROWS = 32;

    private static final int EXPANDED = 512;

    private final ThreadLocal<Scratch> scratch = ThreadLocal.withInitial(Scratch::new);

    /** What a thread needs while it works: prepared activations, expanded weights, the results of a block, lanes and last elements of a reduction. */
    private static final class Scratch {
        private final MemorySegment panels =
                Arena.ofAuto().allocate((long) BLOCK_PANELS * EXPANDED * PackedMatrix.LANE_BYTES, 64);
        private final float[] expanded = new float[EXPANDED * PANEL];
        private float[] block = new float[0];
        private final float[] lanes = new float[PANEL];
        private final float[] tail = new float[PANEL];
        private final float[] exponentials = new float[512];
        private float[] x = new float[0];

        /** Copies the activations, every row padded with zeros to whole groups. */
        void prepareRowByRow(Rows rows, int count, int columns) {
            reserve(count, columns);
            for (int m = 0; m < count; m++) {
                int to = m * padded(columns);
                System.arraycopy(rows.data(), rows.at(m), x, to, columns);
                Arrays.fill(x, to + columns, to + padded(columns), 0f);
            }
        }

        private void reserve(int count, int columns) {
            int needed = Math.multiplyExact(count, padded(columns));
            if (x.length < needed) {
                x = new float[needed];
            }
            if (block.length < count * BLOCK) {
                block = new float[count * BLOCK];
            }
        }

        /**
         * Copies the activations, for every {@code chunk} columns one register tile after the other, within a tile column after
         * column, padded with zeros to whole groups.
         */
        void prepare(Rows rows, int count, int columns, int chunk) {
            reserve(count, columns);
            for (int from = 0; from < columns; from += chunk) {
                int width = Math.min(chunk, columns - from);
                int to = from * count;
                int m = 0;
                for (; m + TILE_ROWS <= count; m += TILE_ROWS) {
                    interleave6(rows, m, from, width, x, to);
                    Arrays.fill(x, to + width * TILE_ROWS, to + padded(width) * TILE_ROWS, 0f);
                    to += padded(width) * TILE_ROWS;
                }
                if (m + 4 <= count) {
                    interleave4(rows, m, from, width, x, to);
                    Arrays.fill(x, to + width * 4, to + padded(width) * 4, 0f);
                    to += padded(width) * 4;
                    m += 4;
                }
                for (; m + 2 <= count; m += 2) {
                    interleave2(rows, m, from, width, x, to);
                    Arrays.fill(x, to + width * 2, to + padded(width) * 2, 0f);
                    to += padded(width) * 2;
                }
                if (m < count) {
                    System.arraycopy(rows.data(), rows.at(m) + from, x, to, width);
                    Arrays.fill(x, to + width, to + padded(width), 0f);
                }
            }
        }

        private static void interleave6(Rows rows, int m, int from, int width, float[] x, int to) {
            float[] in = rows.data();
            int x0 = rows.at(m) + from;
            int x1 = rows.at(m + 1) + from;
            int x2 = rows.at(m + 2) + from;
            int x3 = rows.at(m + 3) + from;
            int x4 = rows.at(m + 4) + from;
            int x5 = rows.at(m + 5) + from;
            for (int k = 0; k < width; k++) {
                int at = to + k * TILE_ROWS;
                x[at] = in[x0 + k];
                x[at + 1] = in[x1 + k];
                x[at + 2] = in[x2 + k];
                x[at + 3] = in[x3 + k];
                x[at + 4] = in[x4 + k];
                x[at + 5] = in[x5 + k];
            }
        }

        private static void interleave4(Rows rows, int m, int from, int width, float[] x, int to) {
            float[] in = rows.data();
            int x0 = rows.at(m) + from;
            int x1 = rows.at(m + 1) + from;
            int x2 = rows.at(m + 2) + from;
            int x3 = rows.at(m + 3) + from;
            for (int k = 0; k < width; k++) {
                int at = to + k * 4;
                x[at] = in[x0 + k];
                x[at + 1] = in[x1 + k];
                x[at + 2] = in[x2 + k];
                x[at + 3] = in[x3 + k];
            }
        }

        private static void interleave2(Rows rows, int m, int from, int width, float[] x, int to) {
            int x0 = rows.at(m) + from;
            int x1 = rows.at(m + 1) + from;
            for (int k = 0; k < width; k++) {
                x[to + 2 * k] = rows.data()[x0 + k];
                x[to + 2 * k + 1] = rows.data()[x1 + k];
            }
        }
    }

    @Override
    public String name() {
        return "vector" + LANES * 32;
    }

    @Override
    public void matmul(PackedMatrix w, Blocks blocks, Rows x, Rows y, int rows) {
        Scratch own = scratch.get();
        boolean rowByRow = rows < expandFrom(w.type());
        int chunk = rows < MANY_ROWS ? PackedMatrix.K_BLOCK : EXPANDED;
        if (rowByRow) {
            own.prepareRowByRow(x, rows, w.columns());
        } else {
            own.prepare(x, rows, w.columns(), chunk);
        }
        for (int block = blocks.next(); block >= 0; block = blocks.next()) {
            int end = Math.min(w.rows(), w.panel(block + 1) * PANEL);
            for (int n = w.panel(block) * PANEL; n < end; n += BLOCK) {
                int features = Math.min(BLOCK, end - n);
                if (rowByRow) {
                    for (int m = 0; m < rows; m++) {
                        oneRow(w, n, features, m * padded(w.columns()), y.data(), y.at(m) + n, own);
                    }
                } else {
                    manyRows(w, n, features, rows, chunk, own);
                    for (int m = 0; m < rows; m++) {
                        System.arraycopy(own.block, m * BLOCK, y.data(), y.at(m) + n, features);
                    }
                }
            }
        }
    }

    /** From how many rows on expanding the weights for all of them is faster than one row after the other: measured. */
    private static int expandFrom(WeightType type) {
        return switch (type) {
            case F32 -> 2;
            case F16 -> 3;
            case BF16, Q8, Q4 -> 6;
        };
    }

    /** Columns rounded up to whole groups: the activations beyond the last column are zero. */
    private static int padded(int columns) {
        return WeightType.groups(columns) * WeightType.GROUP;
    }

    /** The feature at which the vector number {@code chain} of a block begins. Those beyond the last feature repeat the last vector: it is there already. */
    private static int featureOf(int chain, int features) {
        return Math.min(chain, (features - 1) / LANES) * LANES;
    }

    private static long vectorAt(PackedMatrix w, int feature) {
        return w.panelAt(feature / PANEL) + feature % PANEL * 4L;
    }

    /** As {@link #vectorAt} in expanded panels. */
    private static long expandedAt(int feature) {
        return feature / PANEL * (long) EXPANDED * PackedMatrix.LANE_BYTES + feature % PANEL * 4L;
    }

    private static void oneRow(PackedMatrix w, int n, int features, int xAt, float[] y, int yAt, Scratch own) {
        boolean whole = features == BLOCK;
        float[] out = whole ? y : own.block;
        int outAt = whole ? yAt : 0;
        MemorySegment data = w.data();
        long p0 = vectorAt(w, n + featureOf(0, features));
        long p1 = vectorAt(w, n + featureOf(1, features));
        long p2 = vectorAt(w, n + featureOf(2, features));
        long p3 = vectorAt(w, n + featureOf(3, features));
        int columns = w.columns();
        Arrays.fill(out, outAt, outAt + BLOCK, 0f);
        switch (w.type()) {
            case F32 -> VectorGemv.f32(data, p0, p1, p2, p3, own.x, xAt, columns, out, outAt);
            case BF16 -> VectorGemv.bf16(data, p0, p1, p2, p3, own.x, xAt, columns, out, outAt);
            case F16 -> VectorGemv.f16(data, p0, p1, p2, p3, own.x, xAt, columns, out, outAt);
            case Q8, Q4 ->
                VectorGemv.codes(
                        data,
                        p0,
                        p1,
                        p2,
                        p3,
                        w.codesAt(0),
                        CodeLanes.of(w.type()),
                        own.x,
                        xAt,
                        padded(columns),
                        out,
                        outAt);
        }
        if (!whole) {
            System.arraycopy(out, 0, y, yAt, features);
        }
    }

    /** All rows for the block at feature {@code n}, into {@code own.block}. */
    private static void manyRows(PackedMatrix w, int n, int features, int rows, int chunk, Scratch own) {
        Arrays.fill(own.block, 0, rows * BLOCK, 0f);
        for (int from = 0; from < w.columns(); from += chunk) {
            int columns = Math.min(chunk, w.columns() - from);
            if (w.type() == WeightType.F32) {
                long at = from * (long) PackedMatrix.LANE_BYTES;
                multiply(
                        w.data(),
                        at + vectorAt(w, n + featureOf(0, features)),
                        at + vectorAt(w, n + featureOf(1, features)),
                        at + vectorAt(w, n + featureOf(2, features)),
                        at + vectorAt(w, n + featureOf(3, features)),
                        columns,
                        own.x,
                        from * rows,
                        rows,
                        own.block);
            } else {
                for (int p = 0; p * PANEL < features; p++) {
                    expand(w, n / PANEL + p, from, columns, p, own);
                }
                multiply(
                        own.panels,
                        expandedAt(featureOf(0, features)),
                        expandedAt(featureOf(1, features)),
                        expandedAt(featureOf(2, features)),
                        expandedAt(featureOf(3, features)),
                        columns,
                        own.x,
                        from * rows,
                        rows,
                        own.block);
            }
        }
    }

    private static void multiply(
            MemorySegment w, long p0, long p1, long p2, long p3, int columns, float[] x, int xAt, int rows, float[] y) {
        int stride = padded(columns);
        int m = 0;
        for (; m + TILE_ROWS <= rows; m += TILE_ROWS) {
            VectorTile.six(w, p0, p1, p2, p3, columns, x, xAt + m * stride, y, m * BLOCK);
        }
        if (m + 4 <= rows) {
            VectorTile.four(w, p0, p1, p2, p3, columns, x, xAt + m * stride, y, m * BLOCK);
            m += 4;
        }
        for (; m + 2 <= rows; m += 2) {
            VectorTile.two(w, p0, p1, p2, p3, columns, x, xAt + m * stride, y, m * BLOCK);
        }
        if (m < rows) {
            VectorGemv.f32(w, p0, p1, p2, p3, x, xAt + m * stride, columns, y, m * BLOCK);
        }
    }

    /** {@code columns} columns of a panel from {@code from} on to the place number {@code slot} of the expanded panels. */
    private static void expand(PackedMatrix w, int panel, int from, int columns, int slot, Scratch own) {
        long source = w.panelAt(panel);
        float[] floats = own.expanded;
        switch (w.type()) {
            case F32 -> throw new IllegalStateException("F32 needs no expansion");
            case BF16 -> VectorExpand.bf16(w.data(), source + from * 32L, columns, floats);
            case F16 -> VectorExpand.f16(w.data(), source + from * 32L, columns, floats);
            case Q8, Q4 -> {
                int group = from / WeightType.GROUP;
                long scales = source + PackedMatrix.scalesAt(group);
                VectorExpand.codes(
                        w.data(),
                        source + w.codesAt(group),
                        CodeLanes.of(w.type()),
                        scales,
                        WeightType.groups(columns),
                        floats);
            }
        }
        MemorySegment.copy(
                floats,
                0,
                own.panels,
                ValueLayout.JAVA_FLOAT,
                slot * (long) EXPANDED * PackedMatrix.LANE_BYTES,
                columns * PANEL);
    }

    @Override
    public void multiplyLanes(
            float[] w, float[] x, int xAt, float[] y, int yAt, int produced, int contracted, int batch) {
        int whole = batch / LANES * LANES;
        for (int j = 0; j < produced; j++) {
            int row = j * contracted * batch;
            for (int b = 0; b < whole; b += LANES) {
                FloatVector sum = FloatVector.zero(FLOATS);
                for (int k = 0; k < contracted; k++) {
                    sum = FloatVector.fromArray(FLOATS, x, xAt + k * batch + b)
                            .fma(FloatVector.fromArray(FLOATS, w, row + k * batch + b), sum);
                }
                sum.intoArray(y, yAt + j * batch + b);
            }
        }
        ScalarKernels.multiplyLanes(w, x, xAt, y, yAt, produced, contracted, batch, whole);
    }

    @Override
    public void rmsNorm(float[] x, int xAt, float[] weight, float epsilon, float[] y, int yAt) {
        int width = weight.length;
        float[] sums = scratch.get().lanes;
        Arrays.fill(sums, 0);
        int whole = width / PANEL * PANEL;
        for (int lane = 0; lane < PANEL; lane += LANES) {
            FloatVector sum = FloatVector.zero(FLOATS);
            for (int i = lane; i < whole; i += PANEL) {
                FloatVector v = FloatVector.fromArray(FLOATS, x, xAt + i);
                sum = v.fma(v, sum);
            }
            sum.intoArray(sums, lane);
        }
        for (int i = whole; i < width; i++) {
            sums[i - whole] = Math.fma(x[xAt + i], x[xAt + i], sums[i - whole]);
        }
        float scale = (float) (1 / Math.sqrt(ScalarKernels.addUp(sums) / width + (double) epsilon));
        int i = 0;
        for (; i + LANES <= width; i += LANES) {
            FloatVector.fromArray(FLOATS, x, xAt + i)
                    .mul(scale)
                    .mul(FloatVector.fromArray(FLOATS, weight, i))
                    .intoArray(y, yAt + i);
        }
        for (; i < width; i++) {
            y[yAt + i] = x[xAt + i] * scale * weight[i];
        }
    }

    @Override
    public void siluGate(float[] gate, int gateAt, float[] up, int upAt, int count) {
        float[] exponentials = scratch.get().exponentials;
        int i = 0;
        for (; i + LANES <= count; ) {
            int chunk = Math.min(exponentials.length, (count - i) / LANES * LANES);
            for (int j = 0; j < chunk; j += LANES) {
                FloatVector.fromArray(FLOATS, gate, gateAt + i + j).neg().intoArray(exponentials, j);
            }
            Vectors.exp(exponentials, 0, exponentials, 0, chunk);
            for (int j = 0; j < chunk; j += LANES) {
                FloatVector u = FloatVector.fromArray(FLOATS, up, upAt + i + j);
                FloatVector.fromArray(FLOATS, gate, gateAt + i + j)
                        .div(FloatVector.fromArray(FLOATS, exponentials, j).add(1f))
                        .mul(u)
                        .intoArray(gate, gateAt + i + j);
            }
            i += chunk;
        }
        for (; i < count; i++) {
            float g = gate[gateAt + i];
            gate[gateAt + i] = g / (1 + Exponential.exp(-g)) * up[upAt + i];
        }
    }

    @Override
    public void add(float[] x, int xAt, float[] y, int yAt, int count) {
        int i = 0;
        for (; i + LANES <= count; i += LANES) {
            FloatVector.fromArray(FLOATS, y, yAt + i)
                    .add(FloatVector.fromArray(FLOATS, x, xAt + i))
                    .intoArray(y, yAt + i);
        }
        for (; i < count; i++) {
            y[yAt + i] += x[xAt + i];
        }
    }

    @Override
    public void attentionScores(
            int heads,
            int headDim,
            float[] query,
            int queryAt,
            float[] keys,
            int keysAt,
            int panels,
            float scale,
            float[] scores,
            int scoresAt,
            int scoresStride) {
        VectorScores.scores(
                heads, headDim, query, queryAt, keys, keysAt, panels, scale, scores, scoresAt, scoresStride);
    }

    @Override
    public void attentionScores(
            int heads,
            int headDim,
            float[] query,
            int queryAt,
            int[] keys,
            int keysAt,
            int panels,
            float scale,
            float[] scores,
            int scoresAt,
            int scoresStride) {
        VectorScores.scores(
                heads, headDim, query, queryAt, keys, keysAt, panels, scale, scores, scoresAt, scoresStride);
    }

    @Override
    public void softmax(float[] scores, int at, int count) {
        Scratch own = scratch.get();
        int whole = count / PANEL * PANEL;
        // the last elements as a panel of their own, filled up with what adds nothing
        float[] tail = own.tail;
        System.arraycopy(scores, at + whole, tail, 0, count - whole);
        Arrays.fill(tail, count - whole, PANEL, Float.NEGATIVE_INFINITY);
        FloatVector maxima = FloatVector.broadcast(FLOATS, Float.NEGATIVE_INFINITY);
        for (int i = 0; i < whole; i += LANES) {
            maxima = maxima.max(FloatVector.fromArray(FLOATS, scores, at + i));
        }
        for (int i = 0; i < PANEL; i += LANES) {
            maxima = maxima.max(FloatVector.fromArray(FLOATS, tail, i));
        }
        float max = maxima.reduceLanes(VectorOperators.MAX);
        for (int i = 0; i < whole; i += LANES) {
            FloatVector.fromArray(FLOATS, scores, at + i).sub(max).intoArray(scores, at + i);
        }
        for (int i = 0; i < PANEL; i += LANES) {
            FloatVector.fromArray(FLOATS, tail, i).sub(max).intoArray(tail, i);
        }
        Vectors.exp(scores, at, scores, at, whole);
        Vectors.exp(tail, 0, tail, 0, PANEL);
        float[] sums = own.lanes;
        for (int lane = 0; lane < PANEL; lane += LANES) {
            FloatVector sum = FloatVector.zero(FLOATS);
            for (int i = lane; i < whole; i += PANEL) {
                sum = sum.add(FloatVector.fromArray(FLOATS, scores, at + i));
            }
            sum.add(FloatVector.fromArray(FLOATS, tail, lane)).intoArray(sums, lane);
        }
        float scale = 1 / ScalarKernels.addUp(sums);
        for (int i = 0; i < whole; i += LANES) {
            FloatVector.fromArray(FLOATS, scores, at + i).mul(scale).intoArray(scores, at + i);
        }
        for (int i = 0; i < PANEL; i += LANES) {
            FloatVector.fromArray(FLOATS, tail, i).mul(scale).intoArray(tail, i);
        }
        System.arraycopy(tail, 0, scores, at + whole, count - whole);
    }

    @Override
    public void attentionValues(
            int heads,
            int headDim,
            float[] probabilities,
            int probabilitiesAt,
            int probabilitiesStride,
            float[] values,
            int valuesAt,
            int positions,
            float[] out,
            int outAt) {
        VectorValues.add(
                heads,
                headDim,
                probabilities,
                probabilitiesAt,
                probabilitiesStride,
                values,
                valuesAt,
                positions,
                out,
                outAt);
    }

    @Override
    public void attentionValues(
            int heads,
            int headDim,
            float[] probabilities,
            int probabilitiesAt,
            int probabilitiesStride,
            int[] values,
            int valuesAt,
            int positions,
            float[] out,
            int outAt) {
        VectorValues.add(
                heads,
                headDim,
                probabilities,
                probabilitiesAt,
                probabilitiesStride,
                values,
                valuesAt,
                positions,
                out,
                outAt);
    }

    @Override
    public int argmax(float[] x, int at, int count) {
        int whole = count / LANES * LANES;
        FloatVector maxima = FloatVector.broadcast(FLOATS, Float.NEGATIVE_INFINITY);
        for (int i = 0; i < whole; i += LANES) {
            maxima = maxima.max(FloatVector.fromArray(FLOATS, x, at + i));
        }
        float max = maxima.reduceLanes(VectorOperators.MAX);
        for (int i = whole; i < count; i++) {
            max = Math.max(max, x[at + i]);
        }
        for (int i = 0; i < count; i++) {
            if (x[at + i] == max) {
                return i;
            }
        }
        return 0; // only where every element is not a number
    }
}
