package io.karipap.kernels;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** SIMD kernels on the machine's preferred vectors of 4, 8 or 16 floats. */
public final class VectorKernels implements Kernels {
    private static final VectorSpecies<Float> FLOATS = VectorGemv.FLOATS;
    private static final int LANES = FLOATS.length();
    private static final int PANEL = PackedMatrix.PANEL;
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

    /** From this many rows on, expanding weights to floats once pays: the expansion costs about as much as one row. */
    private static final int EXPAND_ROWS = 4;

    /** Vectors of output features computed together: four chains of FMAs, as many as their latency asks for. */
    private static final int CHAINS = VectorGemv.CHAINS;

    /** Output features computed together. */
    private static final int BLOCK = CHAINS * LANES;

    /** Panels that a block touches. */
    private static final int BLOCK_PANELS = Math.max(1, BLOCK / PANEL);

    private final ThreadLocal<Scratch> scratch = ThreadLocal.withInitial(Scratch::new);

    /** What a thread needs while it works: expanded weights, results that do not fill a block, lanes of a reduction. */
    private static final class Scratch {
        private final MemorySegment panels =
                Arena.ofAuto().allocate((long) BLOCK_PANELS * PANEL * PackedMatrix.K_BLOCK * Float.BYTES, 64);
        private final float[] block = new float[VectorTile.ROWS * BLOCK];
        private final float[] lanes = new float[PANEL];
    }

    @Override
    public String name() {
        return "vector" + LANES * 32;
    }

    @Override
    public void matmul(PackedMatrix w, int fromPanel, int toPanel, Rows x, Rows y, int rows) {
        Scratch own = scratch.get();
        int end = Math.min(w.rows(), toPanel * PANEL);
        for (int n = fromPanel * PANEL; n < end; n += BLOCK) {
            int features = Math.min(BLOCK, end - n);
            for (int from = 0; from < w.columns(); from += PackedMatrix.K_BLOCK) {
                int to = Math.min(w.columns(), from + PackedMatrix.K_BLOCK);
                if (rows < EXPAND_ROWS) {
                    for (int m = 0; m < rows; m++) {
                        oneRow(w, n, features, x.data(), x.at(m), from, to, y.data(), y.at(m) + n, own);
                    }
                } else {
                    manyRows(w, n, features, x, y, rows, from, to, own);
                }
            }
        }
    }

    /** Where the vector number {@code chain} of the block at feature {@code n} lies in its panel, relative to the panel's data. */
    private static long vectorAt(long panelBytes, int n, int chain, int features) {
        // chains beyond the last feature repeat the last vector: its cache lines are there already
        int vector = Math.min(chain, (features - 1) / LANES);
        int feature = n % PANEL + vector * LANES;
        return feature / PANEL * panelBytes + feature % PANEL * 4L;
    }

    private void oneRow(
            PackedMatrix w,
            int n,
            int features,
            float[] x,
            int xAt,
            int from,
            int to,
            float[] y,
            int yAt,
            Scratch own) {
        boolean whole = features == BLOCK;
        float[] out = whole ? y : own.block;
        int outAt = whole ? yAt : 0;
        if (!whole && from > 0) {
            System.arraycopy(y, yAt, out, 0, features);
        }
        long panel = n / PANEL * w.panelBytes() + from * (w.type().bytes() * (long) PANEL);
        long p0 = panel + vectorAt(w.panelBytes(), n, 0, features);
        long p1 = panel + vectorAt(w.panelBytes(), n, 1, features);
        long p2 = panel + vectorAt(w.panelBytes(), n, 2, features);
        long p3 = panel + vectorAt(w.panelBytes(), n, 3, features);
        switch (w.type()) {
            case F32 -> VectorGemv.f32(w.data(), p0, p1, p2, p3, x, xAt, from, to, out, outAt);
            case BF16 -> VectorGemv.bf16(w.data(), p0, p1, p2, p3, x, xAt, from, to, out, outAt);
            case F16 -> VectorGemv.f16(w.data(), p0, p1, p2, p3, x, xAt, from, to, out, outAt);
        }
        if (!whole) {
            System.arraycopy(out, 0, y, yAt, features);
        }
    }

    private void manyRows(
            PackedMatrix w, int n, int features, Rows x, Rows y, int rows, int from, int to, Scratch own) {
        MemorySegment weights;
        long at;
        long panelBytes;
        if (w.type() == WeightType.F32) {
            weights = w.data();
            panelBytes = w.panelBytes();
            at = n / PANEL * panelBytes + from * 64L;
        } else {
            weights = own.panels;
            panelBytes = (to - from) * 64L;
            at = 0;
            for (int p = 0; p * PANEL < n % PANEL + features; p++) {
                expand(w, n / PANEL + p, from, to, weights, p * panelBytes);
            }
        }
        long p0 = at + vectorAt(panelBytes, n, 0, features);
        long p1 = at + vectorAt(panelBytes, n, 1, features);
        long p2 = at + vectorAt(panelBytes, n, 2, features);
        long p3 = at + vectorAt(panelBytes, n, 3, features);
        boolean whole = features == BLOCK;
        int m = 0;
        for (; m + VectorTile.ROWS <= rows; m += VectorTile.ROWS) {
            if (whole) {
                VectorTile.multiply(weights, p0, p1, p2, p3, x, m, from, to, y.data(), y.at(m) + n, y.stride());
                continue;
            }
            for (int r = 0; r < VectorTile.ROWS && from > 0; r++) {
                System.arraycopy(y.data(), y.at(m + r) + n, own.block, r * BLOCK, features);
            }
            VectorTile.multiply(weights, p0, p1, p2, p3, x, m, from, to, own.block, 0, BLOCK);
            for (int r = 0; r < VectorTile.ROWS; r++) {
                System.arraycopy(own.block, r * BLOCK, y.data(), y.at(m + r) + n, features);
            }
        }
        for (; m < rows; m++) {
            float[] out = whole ? y.data() : own.block;
            int outAt = whole ? y.at(m) + n : 0;
            if (!whole && from > 0) {
                System.arraycopy(y.data(), y.at(m) + n, out, 0, features);
            }
            VectorGemv.f32(weights, p0, p1, p2, p3, x.data(), x.at(m), from, to, out, outAt);
            if (!whole) {
                System.arraycopy(out, 0, y.data(), y.at(m) + n, features);
            }
        }
    }

    /** Columns [from, to) of a panel as floats {@code [to − from, P]} at {@code at}. */
    private static void expand(PackedMatrix w, int panel, int from, int to, MemorySegment out, long at) {
        long source = panel * w.panelBytes();
        switch (w.type()) {
            case F32 -> MemorySegment.copy(w.data(), source + from * 64L, out, at, (to - from) * 64L);
            case BF16 -> VectorGemv.expandBf16(w.data(), source + from * 32L, to - from, out, at);
            case F16 -> VectorGemv.expandF16(w.data(), source + from * 32L, to - from, out, at);
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
            VectorGemv.exp(exponentials, 0, exponentials, 0, chunk);
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
        VectorGemv.exp(scores, at, scores, at, whole);
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
