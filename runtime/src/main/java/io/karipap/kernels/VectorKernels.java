package io.karipap.kernels;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
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

    /** Panels expanded at a time: one for each of the four accumulator columns of the matmul tile. */
    private static final int BLOCK_PANELS = 4;

    private final ThreadLocal<Scratch> scratch = ThreadLocal.withInitial(Scratch::new);

    /** What a thread needs while it works: expanded weights, and lanes of a reduction. */
    private static final class Scratch {
        private final MemorySegment panels = java.lang.foreign.Arena.ofAuto()
                .allocate((long) BLOCK_PANELS * PANEL * PackedMatrix.K_BLOCK * Float.BYTES, 64);
        private final float[] lanes = new float[PANEL];
    }

    @Override
    public String name() {
        return "vector" + LANES * 32;
    }

    @Override
    public void matmul(PackedMatrix w, int fromPanel, int toPanel, Rows x, Rows y, int rows) {
        if (rows < EXPAND_ROWS) {
            for (int panel = fromPanel; panel < toPanel; panel += BLOCK_PANELS) {
                int panels = Math.min(BLOCK_PANELS, toPanel - panel);
                for (int m = 0; m < rows; m++) {
                    oneRow(w, panel, panels, x.data(), x.at(m), y.data(), y.at(m));
                }
            }
            return;
        }
        for (int panel = fromPanel; panel < toPanel; panel += BLOCK_PANELS) {
            manyRows(w, panel, Math.min(BLOCK_PANELS, toPanel - panel), x, y, rows);
        }
    }

    private void oneRow(PackedMatrix w, int panel, int panels, float[] x, int xAt, float[] y, int yAt) {
        for (int from = 0; from < w.columns(); from += PackedMatrix.K_BLOCK) {
            int to = Math.min(w.columns(), from + PackedMatrix.K_BLOCK);
            if (panels == BLOCK_PANELS && LANES == PANEL && (panel + BLOCK_PANELS) * PANEL <= w.rows()) {
                long at = panel * w.panelBytes();
                switch (w.type()) {
                    case F32 ->
                        VectorGemv.f32(w.data(), at + from * 64L, w.panelBytes(), x, xAt, from, to, y, yAt + panel * PANEL);
                    case BF16 ->
                        VectorGemv.bf16(w.data(), at + from * 32L, w.panelBytes(), x, xAt, from, to, y, yAt + panel * PANEL);
                    case F16 ->
                        VectorGemv.f16(w.data(), at + from * 32L, w.panelBytes(), x, xAt, from, to, y, yAt + panel * PANEL);
                }
                continue;
            }
            for (int p = panel; p < panel + panels; p++) {
                expand(w, p, from, to, scratch.get().panels, 0);
                panelRow(scratch.get().panels, 0, x, xAt, from, to, y, yAt, p * PANEL, w.rows());
            }
        }
    }

    private void manyRows(PackedMatrix w, int panel, int panels, Rows x, Rows y, int rows) {
        boolean whole = panels == BLOCK_PANELS && (panel + BLOCK_PANELS) * PANEL <= w.rows();
        for (int from = 0; from < w.columns(); from += PackedMatrix.K_BLOCK) {
            int to = Math.min(w.columns(), from + PackedMatrix.K_BLOCK);
            MemorySegment weights;
            long at;
            long stride;
            if (w.type() == WeightType.F32) {
                weights = w.data();
                at = panel * w.panelBytes() + from * 64L;
                stride = w.panelBytes();
            } else {
                weights = scratch.get().panels;
                at = 0;
                stride = (to - from) * 64L;
                for (int p = 0; p < panels; p++) {
                    expand(w, panel + p, from, to, weights, p * stride);
                }
            }
            int m = 0;
            if (whole && LANES == PANEL) {
                for (; m + VectorTile.ROWS <= rows; m += VectorTile.ROWS) {
                    VectorTile.multiply(weights, at, stride, x, y, m, from, to, panel * PANEL);
                }
            }
            for (; m < rows; m++) {
                for (int p = 0; p < panels; p++) {
                    panelRow(
                            weights,
                            at + p * stride,
                            x.data(),
                            x.at(m),
                            from,
                            to,
                            y.data(),
                            y.at(m),
                            (panel + p) * PANEL,
                            w.rows());
                }
            }
        }
    }

    /** Columns [from, to) of a panel as floats {@code [to − from, P]} at {@code at}. */
    private static void expand(PackedMatrix w, int panel, int from, int to, MemorySegment out, long at) {
        long source = panel * w.panelBytes();
        switch (w.type()) {
            case F32 -> MemorySegment.copy(w.data(), source + from * 64L, out, at, (to - from) * 64L);
            case BF16 -> expandPairs(w.data(), source + from * 32L, to - from, out, at, false);
            case F16 -> expandPairs(w.data(), source + from * 32L, to - from, out, at, true);
        }
    }

    private static void expandPairs(
            MemorySegment w, long source, int columns, MemorySegment out, long at, boolean half) {
        for (int k = 0; k < columns; k += 2) {
            for (int lane = 0; lane < PANEL; lane += LANES) {
                IntVector pair = IntVector.fromMemorySegment(
                        VectorGemv.INTS, w, source + k * 32L + lane * 4L, ORDER);
                FloatVector even;
                FloatVector odd;
                if (half) {
                    even = VectorGemv.halfToFloat(pair.and(0xffff));
                    odd = VectorGemv.halfToFloat(pair.lanewise(VectorOperators.LSHR, 16));
                } else {
                    even = pair.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
                    odd = pair.and(0xffff0000).reinterpretAsFloats();
                }
                even.intoMemorySegment(out, at + k * 64L + lane * 4L, ORDER);
                if (k + 1 < columns) {
                    odd.intoMemorySegment(out, at + (k + 1) * 64L + lane * 4L, ORDER);
                }
            }
        }
    }

    /** One row of activations with one panel of floats; writes only the rows that the matrix has. */
    private static void panelRow(
            MemorySegment w,
            long at,
            float[] x,
            int xAt,
            int from,
            int to,
            float[] y,
            int yAt,
            int firstRow,
            int matrixRows) {
        for (int lane = 0; lane < PANEL && firstRow + lane < matrixRows; lane += LANES) {
            FloatVector sum = FloatVector.zero(FLOATS);
            for (int k = from; k < to; k++) {
                FloatVector weights =
                        FloatVector.fromMemorySegment(FLOATS, w, at + (k - from) * 64L + lane * 4L, ORDER);
                sum = FloatVector.broadcast(FLOATS, x[xAt + k]).fma(weights, sum);
            }
            int target = yAt + firstRow + lane;
            VectorMask<Float> mask = FLOATS.indexInRange(firstRow + lane, matrixRows);
            if (from > 0) {
                sum = FloatVector.fromArray(FLOATS, y, target, mask).add(sum);
            }
            sum.intoArray(y, target, mask);
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
        int i = 0;
        for (; i + LANES <= count; i += LANES) {
            FloatVector g = FloatVector.fromArray(FLOATS, gate, gateAt + i);
            FloatVector u = FloatVector.fromArray(FLOATS, up, upAt + i);
            g.div(VectorGemv.exp(g.neg()).add(1f)).mul(u).intoArray(gate, gateAt + i);
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
        for (int panel = 0; panel < panels; panel++) {
            int base = keysAt + panel * PANEL * headDim;
            for (int lane = 0; lane < PANEL; lane += LANES) {
                FloatVector sum = FloatVector.zero(FLOATS);
                for (int h = 0; h < headDim; h++) {
                    FloatVector key = FloatVector.fromArray(FLOATS, keys, base + h * PANEL + lane);
                    sum = FloatVector.broadcast(FLOATS, query[queryAt + h]).fma(key, sum);
                }
                sum.mul(scale).intoArray(scores, scoresAt + panel * PANEL + lane);
            }
        }
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
        float[] sums = scratch.get().lanes;
        Arrays.fill(sums, 0);
        for (int lane = 0; lane < PANEL; lane += LANES) {
            FloatVector sum = FloatVector.zero(FLOATS);
            for (int i = lane; i < whole; i += PANEL) {
                FloatVector e =
                        VectorGemv.exp(FloatVector.fromArray(FLOATS, scores, at + i).sub(max));
                e.intoArray(scores, at + i);
                sum = sum.add(e);
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
