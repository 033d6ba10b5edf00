package io.karipap.kernels;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** SIMD kernels on the machine's preferred vectors of 4, 8 or 16 floats. */
public final class VectorKernels implements Kernels {
    private static final VectorSpecies<Float> FLOATS = Vectors.FLOATS;
    private static final int LANES = Vectors.LANES;
    private static final int PANEL = PackedMatrix.PANEL;
    private static final int K_BLOCK = PackedMatrix.K_BLOCK;
    private static final int GROUPS_IN_BLOCK = K_BLOCK / WeightType.GROUP;

    /** Vectors of output features computed together: four streams from memory and four chains of FMAs. */
    private static final int CHAINS = VectorGemv.CHAINS;

    /** Output features computed together. */
    private static final int BLOCK = CHAINS * LANES;

    /** Panels that a block touches. */
    private static final int BLOCK_PANELS = BLOCK / PANEL;

    /** Rows of the widest register tile. */
    private static final int TILE_ROWS = 6;

    /** Activations that are prepared at once, as many as leave room in L2 for the weights: 256 kB. */
    private static final int PREPARED = 1 << 16;

    private final ThreadLocal<Scratch> scratch = ThreadLocal.withInitial(Scratch::new);

    /** What a thread needs while it works: activations as bits, expanded weights, results that do not fill a block, lanes of a reduction. */
    private static final class Scratch {
        private final MemorySegment panels =
                Arena.ofAuto().allocate((long) BLOCK_PANELS * K_BLOCK * PackedMatrix.LANE_BYTES, 64);
        private final MemorySegment scales =
                Arena.ofAuto().allocate((long) BLOCK_PANELS * GROUPS_IN_BLOCK * PackedMatrix.LANE_BYTES, 64);
        private final MemorySegment ones = Arena.ofAuto().allocate(PackedMatrix.LANE_BYTES, 64);
        private final float[] block = new float[TILE_ROWS * BLOCK];
        private final float[] lanes = new float[PANEL];
        private int[] x = new int[0];

        Scratch() {
            for (int i = 0; i < PANEL; i++) {
                ones.set(PackedMatrix.INT, i * 4L, Float.floatToRawIntBits(1f));
            }
        }
    }

    @Override
    public String name() {
        return "vector" + LANES * 32;
    }

    @Override
    public void matmul(PackedMatrix w, int fromPanel, int toPanel, Rows x, Rows y, int rows) {
        Scratch own = scratch.get();
        int begin = fromPanel * PANEL;
        int end = Math.min(w.rows(), toPanel * PANEL);
        for (int m = 0; m < rows; m++) {
            Arrays.fill(y.data(), y.at(m) + begin, y.at(m) + end, 0f);
        }
        long all = (long) rows * padded(w.columns());
        int chunk = rows == 1 || all <= PREPARED ? w.columns() : K_BLOCK;
        for (int from = 0; from < w.columns(); from += chunk) {
            int to = Math.min(w.columns(), from + chunk);
            prepare(x, rows, from, to, own);
            for (int n = begin; n < end; n += BLOCK) {
                int features = Math.min(BLOCK, end - n);
                if (rows == 1) {
                    oneRow(w, n, features, y.data(), y.at(0) + n, own);
                    continue;
                }
                for (int block = from; block < to; block += K_BLOCK) {
                    int blockEnd = Math.min(to, block + K_BLOCK);
                    manyRows(w, n, features, y, rows, block, blockEnd, block - from, padded(to - from), own);
                }
            }
        }
    }

    /** Columns rounded up to whole groups: the activations beyond the last column are zero. */
    private static int padded(int columns) {
        return (columns + WeightType.GROUP - 1) / WeightType.GROUP * WeightType.GROUP;
    }

    /** Copies columns [from, to) of the activations as bits: see {@link VectorGemv}. */
    private static void prepare(Rows x, int rows, int from, int to, Scratch own) {
        int stride = padded(to - from);
        if (own.x.length < rows * stride) {
            own.x = new int[rows * stride];
        }
        int[] out = own.x;
        float[] in = x.data();
        for (int m = 0; m < rows; m++) {
            int source = x.at(m) + from;
            int target = m * stride;
            int count = to - from;
            int k = 0;
            for (; k + LANES <= count; k += LANES) {
                FloatVector.fromArray(FLOATS, in, source + k)
                        .reinterpretAsInts()
                        .intoArray(out, target + k);
            }
            for (; k < count; k++) {
                out[target + k] = Float.floatToRawIntBits(in[source + k]);
            }
            for (; k < stride; k++) {
                out[target + k] = 0;
            }
        }
    }

    /** Where the vector number {@code chain} of a block lies, relative to the data of its first panel. */
    private static long vectorAt(long panelBytes, int chain, int features) {
        // chains beyond the last feature repeat the last vector: its cache lines are there already
        int feature = Math.min(chain, (features - 1) / LANES) * LANES;
        return feature / PANEL * panelBytes + feature % PANEL * 4L;
    }

    private void oneRow(PackedMatrix w, int n, int features, float[] y, int yAt, Scratch own) {
        boolean whole = features == BLOCK;
        float[] out = whole ? y : own.block;
        int outAt = whole ? yAt : 0;
        if (!whole) {
            Arrays.fill(out, 0, BLOCK, 0f);
        }
        MemorySegment data = w.data();
        long panel = n / PANEL * w.panelBytes();
        long p0 = panel + vectorAt(w.panelBytes(), 0, features);
        long p1 = panel + vectorAt(w.panelBytes(), 1, features);
        long p2 = panel + vectorAt(w.panelBytes(), 2, features);
        long p3 = panel + vectorAt(w.panelBytes(), 3, features);
        int groups = padded(w.columns()) / WeightType.GROUP;
        switch (w.type()) {
            case Q8 -> VectorGemv.q8(data, p0, p1, p2, p3, own.x, 0, groups, out, outAt);
            case Q4 -> {
                if (LANES == 16) {
                    VectorGemv.q4Permuted(data, p0, p1, p2, p3, own.x, 0, groups, out, outAt);
                } else {
                    VectorGemv.q4(data, p0, p1, p2, p3, own.x, 0, groups, out, outAt);
                }
            }
            case F32, BF16, F16 -> {
                for (int k = 0; k < w.columns(); k += K_BLOCK) {
                    int columns = Math.min(K_BLOCK, w.columns() - k);
                    long skip = k * (long) PackedMatrix.LANE_BYTES * w.type().bits() / 32;
                    long q0 = p0 + skip;
                    long q1 = p1 + skip;
                    long q2 = p2 + skip;
                    long q3 = p3 + skip;
                    switch (w.type()) {
                        case F32 -> VectorGemv.f32(data, q0, q1, q2, q3, own.x, k, columns, out, outAt);
                        case BF16 -> VectorGemv.bf16(data, q0, q1, q2, q3, own.x, k, columns, out, outAt);
                        default -> VectorGemv.f16(data, q0, q1, q2, q3, own.x, k, columns, out, outAt);
                    }
                }
            }
        }
        if (!whole) {
            System.arraycopy(out, 0, y, yAt, features);
        }
    }

    private void manyRows(
            PackedMatrix w,
            int n,
            int features,
            Rows y,
            int rows,
            int from,
            int to,
            int xAt,
            int xStride,
            Scratch own) {
        MemorySegment weights = own.panels;
        MemorySegment scales = own.ones;
        long at = 0;
        long panelBytes = (long) K_BLOCK * PackedMatrix.LANE_BYTES;
        long scaleBytes = 0;
        int blocks = 1;
        int columns = to - from;
        if (w.type() == WeightType.F32) {
            weights = w.data();
            panelBytes = w.panelBytes();
            at = n / PANEL * panelBytes + from * (long) PackedMatrix.LANE_BYTES;
        } else {
            int panels = (features + PANEL - 1) / PANEL;
            for (int p = 0; p < panels; p++) {
                expand(w, n / PANEL + p, from, to, p, own);
            }
        }
        if (w.type().quantized()) {
            scales = own.scales;
            scaleBytes = (long) GROUPS_IN_BLOCK * PackedMatrix.LANE_BYTES;
            columns = WeightType.GROUP;
            blocks = padded(to - from) / WeightType.GROUP;
        }
        long p0 = at + vectorAt(panelBytes, 0, features);
        long p1 = at + vectorAt(panelBytes, 1, features);
        long p2 = at + vectorAt(panelBytes, 2, features);
        long p3 = at + vectorAt(panelBytes, 3, features);
        long d0 = vectorAt(scaleBytes, 0, features);
        long d1 = vectorAt(scaleBytes, 1, features);
        long d2 = vectorAt(scaleBytes, 2, features);
        long d3 = vectorAt(scaleBytes, 3, features);
        boolean whole = features == BLOCK;
        for (int m = 0; m < rows; ) {
            int tile = rows - m >= TILE_ROWS ? TILE_ROWS : Math.min(2, rows - m);
            float[] out = whole ? y.data() : own.block;
            int outAt = whole ? y.at(m) + n : 0;
            int stride = whole ? y.stride() : BLOCK;
            for (int r = 0; r < tile && !whole; r++) {
                System.arraycopy(y.data(), y.at(m + r) + n, out, r * BLOCK, features);
            }
            int row = xAt + m * xStride;
            switch (tile) {
                case TILE_ROWS ->
                    VectorTile.six(
                            weights, p0, p1, p2, p3, scales, d0, d1, d2, d3, blocks, columns, own.x, row, xStride, out,
                            outAt, stride);
                case 2 ->
                    VectorTile.two(
                            weights, p0, p1, p2, p3, scales, d0, d1, d2, d3, blocks, columns, own.x, row, xStride, out,
                            outAt, stride);
                default ->
                    VectorTile.one(
                            weights, p0, p1, p2, p3, scales, d0, d1, d2, d3, blocks, columns, own.x, row, out, outAt);
            }
            for (int r = 0; r < tile && !whole; r++) {
                System.arraycopy(out, r * BLOCK, y.data(), y.at(m + r) + n, features);
            }
            m += tile;
        }
    }

    /** Columns [from, to) of a panel, and their scales, to the place number {@code slot} of the expanded panels. */
    private static void expand(PackedMatrix w, int panel, int from, int to, int slot, Scratch own) {
        long source = panel * w.panelBytes();
        long at = slot * (long) K_BLOCK * PackedMatrix.LANE_BYTES;
        long pairs = source + from * (long) PackedMatrix.LANE_BYTES / 2;
        switch (w.type()) {
            case F32 -> throw new IllegalStateException("F32 needs no expansion");
            case BF16 -> VectorExpand.bf16(w.data(), pairs, to - from, own.panels, at);
            case F16 -> VectorExpand.f16(w.data(), pairs, to - from, own.panels, at);
            case Q8, Q4 -> {
                int first = from / WeightType.GROUP;
                int groups = padded(to - from) / WeightType.GROUP;
                for (int g = 0; g < groups; g++) {
                    long codes = source + PackedMatrix.codesAt(w.type(), first + g);
                    long target = at + g * (long) WeightType.GROUP * PackedMatrix.LANE_BYTES;
                    if (w.type() == WeightType.Q8) {
                        VectorExpand.q8(w.data(), codes, own.panels, target);
                    } else {
                        VectorExpand.q4(w.data(), codes, own.panels, target);
                    }
                }
                long scales = source + PackedMatrix.scalesAt(w.type(), first);
                long pairBytes = PackedMatrix.scalesAt(w.type(), 2);
                long target = slot * (long) GROUPS_IN_BLOCK * PackedMatrix.LANE_BYTES;
                VectorExpand.scales(w.data(), scales, pairBytes, groups, own.scales, target);
            }
        }
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
        float[] exponentials = scratch.get().block;
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
            float[] query,
            int queryAt,
            float[] keys,
            int keysAt,
            float[] scores,
            int scoresAt,
            int headDim,
            int panels,
            float scale) {
        int vectors = panels * PANEL / LANES;
        int perPanel = PANEL / LANES;
        for (int v = 0; v < vectors; v += CHAINS) {
            int last = vectors - 1;
            int k0 = keysAt + keyAt(v, perPanel, headDim);
            int k1 = keysAt + keyAt(Math.min(v + 1, last), perPanel, headDim);
            int k2 = keysAt + keyAt(Math.min(v + 2, last), perPanel, headDim);
            int k3 = keysAt + keyAt(Math.min(v + 3, last), perPanel, headDim);
            FloatVector s0 = FloatVector.zero(FLOATS);
            FloatVector s1 = s0;
            FloatVector s2 = s0;
            FloatVector s3 = s0;
            for (int h = 0, at = 0; h < headDim; h++, at += PANEL) {
                FloatVector q = FloatVector.broadcast(FLOATS, query[queryAt + h]);
                s0 = q.fma(FloatVector.fromArray(FLOATS, keys, k0 + at), s0);
                s1 = q.fma(FloatVector.fromArray(FLOATS, keys, k1 + at), s1);
                s2 = q.fma(FloatVector.fromArray(FLOATS, keys, k2 + at), s2);
                s3 = q.fma(FloatVector.fromArray(FLOATS, keys, k3 + at), s3);
            }
            s0.mul(scale).intoArray(scores, scoresAt + v * LANES);
            s1.mul(scale).intoArray(scores, scoresAt + Math.min(v + 1, last) * LANES);
            s2.mul(scale).intoArray(scores, scoresAt + Math.min(v + 2, last) * LANES);
            s3.mul(scale).intoArray(scores, scoresAt + Math.min(v + 3, last) * LANES);
        }
    }

    private static int keyAt(int vector, int perPanel, int headDim) {
        return vector / perPanel * PANEL * headDim + vector % perPanel * LANES;
    }

    @Override
    public void softmax(float[] scores, int at, int count) {
        int whole = count / PANEL * PANEL;
        FloatVector maxima = FloatVector.broadcast(FLOATS, Float.NEGATIVE_INFINITY);
        for (int i = 0; i < whole; i += LANES) {
            maxima = maxima.max(FloatVector.fromArray(FLOATS, scores, at + i));
        }
        float max = maxima.reduceLanes(VectorOperators.MAX);
        for (int i = whole; i < count; i++) {
            max = Math.max(max, scores[at + i]);
        }
        for (int i = 0; i < whole; i += LANES) {
            FloatVector.fromArray(FLOATS, scores, at + i).sub(max).intoArray(scores, at + i);
        }
        Vectors.exp(scores, at, scores, at, whole);
        float[] sums = scratch.get().lanes;
        Arrays.fill(sums, 0);
        for (int lane = 0; lane < PANEL; lane += LANES) {
            FloatVector sum = FloatVector.zero(FLOATS);
            for (int i = lane; i < whole; i += PANEL) {
                sum = sum.add(FloatVector.fromArray(FLOATS, scores, at + i));
            }
            sum.intoArray(sums, lane);
        }
        for (int i = whole; i < count; i++) {
            float e = Exponential.exp(scores[at + i] - max);
            scores[at + i] = e;
            sums[i - whole] += e;
        }
        float scale = 1 / ScalarKernels.addUp(sums);
        int i = 0;
        for (; i + LANES <= count; i += LANES) {
            FloatVector.fromArray(FLOATS, scores, at + i).mul(scale).intoArray(scores, at + i);
        }
        for (; i < count; i++) {
            scores[at + i] *= scale;
        }
    }

    @Override
    public void attentionValues(
            float[] probabilities,
            int probabilitiesAt,
            float[] values,
            int valuesAt,
            float[] out,
            int outAt,
            int headDim,
            int positions) {
        int h = 0;
        for (; h + BLOCK <= headDim; h += BLOCK) {
            FloatVector s0 = FloatVector.fromArray(FLOATS, out, outAt + h);
            FloatVector s1 = FloatVector.fromArray(FLOATS, out, outAt + h + LANES);
            FloatVector s2 = FloatVector.fromArray(FLOATS, out, outAt + h + 2 * LANES);
            FloatVector s3 = FloatVector.fromArray(FLOATS, out, outAt + h + 3 * LANES);
            for (int t = 0, at = valuesAt + h; t < positions; t++, at += headDim) {
                FloatVector p = FloatVector.broadcast(FLOATS, probabilities[probabilitiesAt + t]);
                s0 = p.fma(FloatVector.fromArray(FLOATS, values, at), s0);
                s1 = p.fma(FloatVector.fromArray(FLOATS, values, at + LANES), s1);
                s2 = p.fma(FloatVector.fromArray(FLOATS, values, at + 2 * LANES), s2);
                s3 = p.fma(FloatVector.fromArray(FLOATS, values, at + 3 * LANES), s3);
            }
            s0.intoArray(out, outAt + h);
            s1.intoArray(out, outAt + h + LANES);
            s2.intoArray(out, outAt + h + 2 * LANES);
            s3.intoArray(out, outAt + h + 3 * LANES);
        }
        for (; h + LANES <= headDim; h += LANES) {
            FloatVector sum = FloatVector.fromArray(FLOATS, out, outAt + h);
            for (int t = 0; t < positions; t++) {
                FloatVector value = FloatVector.fromArray(FLOATS, values, valuesAt + t * headDim + h);
                sum = FloatVector.broadcast(FLOATS, probabilities[probabilitiesAt + t])
                        .fma(value, sum);
            }
            sum.intoArray(out, outAt + h);
        }
        for (; h < headDim; h++) {
            float sum = out[outAt + h];
            for (int t = 0; t < positions; t++) {
                sum = Math.fma(probabilities[probabilitiesAt + t], values[valuesAt + t * headDim + h], sum);
            }
            out[outAt + h] = sum;
        }
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
