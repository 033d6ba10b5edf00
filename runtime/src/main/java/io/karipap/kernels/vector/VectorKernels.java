package io.karipap.kernels.vector;

import io.karipap.kernels.Bfloat16KvBlock;
import io.karipap.kernels.Blocks;
import io.karipap.kernels.Exponential;
import io.karipap.kernels.FloatKvBlock;
import io.karipap.kernels.HeadRows;
import io.karipap.kernels.Kernels;
import io.karipap.kernels.KvBlock;
import io.karipap.kernels.LaneWeights;
import io.karipap.kernels.PackedMatrix;
import io.karipap.kernels.Rows;
import io.karipap.kernels.WeightType;
import io.karipap.kernels.scalar.ScalarKernels;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** SIMD kernels on the machine's preferred vectors of 4, 8 or 16 floats. */
public final class VectorKernels implements Kernels {
    private static final VectorSpecies<Float> FLOATS = Vectors.FLOATS;
    private static final int LANES = Vectors.LANES;
    private static final int PANEL = PackedMatrix.PANEL;

    /** Output features computed together. */
    private static final int BLOCK = Streams.FEATURES;

    /** Rows of the widest register tile. */
    private static final int TILE_ROWS = ROWS_TOGETHER;

    /** From this many rows on, many columns are expanded at once: the expanded weights then come from L2, but the tile is entered less. */
    private static final int MANY_ROWS = 32;

    private final ThreadLocal<Scratch> scratch = ThreadLocal.withInitial(Scratch::new);

    @Override
    public String name() {
        return "vector" + LANES * 32;
    }

    @Override
    public void matmul(PackedMatrix w, Blocks blocks, Rows x, Rows y, int rows) {
        Scratch own = scratch.get();
        boolean few = rows < expandFrom(w.type());
        int chunk = few ? w.columns() : rows < MANY_ROWS ? PackedMatrix.K_BLOCK : Scratch.COLUMNS;
        own.prepare(x, rows, w.columns(), chunk);
        for (int block = blocks.next(); block >= 0; block = blocks.next()) {
            int end = Math.min(w.rows(), w.panel(block + 1) * PANEL);
            for (int n = w.panel(block) * PANEL; n < end; n += BLOCK) {
                int features = Math.min(BLOCK, end - n);
                if (rows == 1) {
                    oneRow(w, n, features, y, own);
                    continue;
                }
                Arrays.fill(own.block, 0, rows * BLOCK, 0f);
                if (few) {
                    fewRows(w, n, features, rows, own);
                } else {
                    manyRows(w, n, features, rows, chunk, own);
                }
                for (int m = 0; m < rows; m++) {
                    System.arraycopy(own.block, m * BLOCK, y.data(), y.at(m) + n, features);
                }
            }
        }
    }

    /** From how many rows on expanding the weights for all of them is faster than decoding them for every tile: measured. */
    private static int expandFrom(WeightType type) {
        return switch (type) {
            case F32 -> 2;
            case F16 -> 12;
            case BF16 -> 64;
            case Q8, Q4, A8, A4, A4_16, S8_16 -> 18;
        };
    }

    /** One row for the block at feature {@code n}. */
    private static void oneRow(PackedMatrix w, int n, int features, Rows y, Scratch own) {
        Streams streams = own.packed(w, n, features);
        boolean whole = features == BLOCK;
        float[] out = whole ? y.data() : own.block;
        int outAt = whole ? y.at(0) + n : 0;
        Arrays.fill(out, outAt, outAt + BLOCK, 0f);
        multiply1(w, streams, own.x, 0, out, outAt);
        if (!whole) {
            System.arraycopy(out, 0, y.data(), y.at(0) + n, features);
        }
    }

    /** Rows for the block at feature {@code n}, into {@code own.block}: weights are decoded once for a tile of them. */
    private static void fewRows(PackedMatrix w, int n, int features, int rows, Scratch own) {
        int columns = w.columns();
        int stride = Scratch.padded(columns);
        float[] x = own.x;
        float[] y = own.block;
        int m = 0;
        for (; m + TILE_ROWS <= rows; m += TILE_ROWS) {
            Streams streams = own.packed(w, n, features);
            multiply6(w, streams, x, m * stride, y, m * BLOCK);
            streams.secondHalf();
            multiply6(w, streams, x, m * stride, y, m * BLOCK + BLOCK / 2);
        }
        for (; m + 4 <= rows; m += 4) {
            Streams streams = own.packed(w, n, features);
            multiply4(w, streams, x, m * stride, y, m * BLOCK);
            streams.secondHalf();
            multiply4(w, streams, x, m * stride, y, m * BLOCK + BLOCK / 2);
        }
        if (m + 2 <= rows) {
            multiply2(w, own.packed(w, n, features), x, m * stride, y, m * BLOCK);
            m += 2;
        }
        if (m < rows) {
            multiply1(w, own.packed(w, n, features), x, m * stride, y, m * BLOCK);
        }
    }

    private static void multiply1(PackedMatrix w, Streams streams, float[] x, int xAt, float[] y, int yAt) {
        int columns = w.columns();
        switch (w.type()) {
            case F32 -> F32Weights.multiply1(streams, columns, x, xAt, y, yAt);
            case BF16 -> Bf16Weights.multiply1(streams, columns, x, xAt, y, yAt);
            case F16 -> F16Weights.multiply1(streams, columns, x, xAt, y, yAt);
            case Q8, Q4 -> CodeWeights.multiply1(streams, columns, x, xAt, y, yAt);
            case A8, A4, A4_16, S8_16 -> AffineWeights.multiply1(streams, columns, x, xAt, y, yAt);
        }
    }

    private static void multiply2(PackedMatrix w, Streams streams, float[] x, int xAt, float[] y, int yAt) {
        int columns = w.columns();
        switch (w.type()) {
            case F32 -> throw new IllegalStateException("F32 has tiles of its own");
            case BF16 -> Bf16Weights.multiply2(streams, columns, x, xAt, y, yAt);
            case F16 -> F16Weights.multiply2(streams, columns, x, xAt, y, yAt);
            case Q8, Q4 -> CodeWeights.multiply2(streams, columns, x, xAt, y, yAt);
            case A8, A4, A4_16, S8_16 -> AffineWeights.multiply2(streams, columns, x, xAt, y, yAt);
        }
    }

    private static void multiply4(PackedMatrix w, Streams streams, float[] x, int xAt, float[] y, int yAt) {
        int columns = w.columns();
        switch (w.type()) {
            case F32 -> throw new IllegalStateException("F32 has tiles of its own");
            case BF16 -> Bf16Weights.multiply4(streams, columns, x, xAt, y, yAt);
            case F16 -> F16Weights.multiply4(streams, columns, x, xAt, y, yAt);
            case Q8, Q4 -> CodeWeights.multiply4(streams, columns, x, xAt, y, yAt);
            case A8, A4, A4_16, S8_16 -> AffineWeights.multiply4(streams, columns, x, xAt, y, yAt);
        }
    }

    private static void multiply6(PackedMatrix w, Streams streams, float[] x, int xAt, float[] y, int yAt) {
        int columns = w.columns();
        switch (w.type()) {
            case F32 -> throw new IllegalStateException("F32 has tiles of its own");
            case BF16 -> Bf16Weights.multiply6(streams, columns, x, xAt, y, yAt);
            case F16 -> F16Weights.multiply6(streams, columns, x, xAt, y, yAt);
            case Q8, Q4 -> CodeWeights.multiply6(streams, columns, x, xAt, y, yAt);
            case A8, A4, A4_16, S8_16 -> AffineWeights.multiply6(streams, columns, x, xAt, y, yAt);
        }
    }

    /** All rows for the block at feature {@code n}, into {@code own.block}. */
    private static void manyRows(PackedMatrix w, int n, int features, int rows, int chunk, Scratch own) {
        for (int from = 0; from < w.columns(); from += chunk) {
            int columns = Math.min(chunk, w.columns() - from);
            Streams streams;
            if (w.type() == WeightType.F32) {
                streams = own.packed(w, n, features);
                streams.skip(from * (long) PackedMatrix.LANE_BYTES);
            } else {
                for (int p = 0; p * PANEL < features; p++) {
                    expand(w, n / PANEL + p, from, columns, p, own);
                }
                streams = own.expanded(features);
            }
            multiply(streams, columns, from * rows, rows, own);
        }
    }

    private static void multiply(Streams w, int columns, int xAt, int rows, Scratch own) {
        int stride = Scratch.padded(columns);
        float[] x = own.x;
        float[] y = own.block;
        int m = 0;
        for (; m + TILE_ROWS <= rows; m += TILE_ROWS) {
            F32Weights.multiply6(w, columns, x, xAt + m * stride, y, m * BLOCK);
        }
        if (m + 4 <= rows) {
            F32Weights.multiply4(w, columns, x, xAt + m * stride, y, m * BLOCK);
            m += 4;
        }
        for (; m + 2 <= rows; m += 2) {
            F32Weights.multiply2(w, columns, x, xAt + m * stride, y, m * BLOCK);
        }
        if (m < rows) {
            F32Weights.multiply1(w, columns, x, xAt + m * stride, y, m * BLOCK);
        }
    }

    /** {@code columns} columns of a panel from {@code from} on to the place number {@code slot} of the expanded panels. */
    private static void expand(PackedMatrix w, int panel, int from, int columns, int slot, Scratch own) {
        Streams streams = own.panel(w, panel, from);
        switch (w.type()) {
            case F32 -> throw new IllegalStateException("F32 needs no expansion");
            case BF16 -> Bf16Weights.expand(streams, columns, own.floats);
            case F16 -> F16Weights.expand(streams, columns, own.floats);
            case Q8, Q4 -> CodeWeights.expand(streams, columns, own.floats);
            case A8, A4, A4_16, S8_16 -> AffineWeights.expand(streams, columns, own.floats);
        }
        own.keepPanel(slot, columns);
    }

    @Override
    public void multiplyLanes(LaneWeights w, float[] x, int xAt, float[] y, int yAt) {
        int batch = w.batch();
        int contracted = w.contracted();
        float[] weights = w.data();
        int whole = batch / LANES * LANES;
        for (int j = 0; j < w.produced(); j++) {
            int row = j * contracted * batch;
            for (int b = 0; b < whole; b += LANES) {
                FloatVector sum = FloatVector.zero(FLOATS);
                for (int k = 0; k < contracted; k++) {
                    sum = FloatVector.fromArray(FLOATS, x, xAt + k * batch + b)
                            .fma(FloatVector.fromArray(FLOATS, weights, row + k * batch + b), sum);
                }
                sum.intoArray(y, yAt + j * batch + b);
            }
        }
        ScalarKernels.multiplyLanes(w, whole, x, xAt, y, yAt);
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
    public void layerNorm(float[] x, int at, float[] weight, float[] bias, float epsilon) {
        Elementwise.layerNorm(x, at, weight, bias, epsilon, scratch.get().lanes);
    }

    @Override
    public void gelu(float[] x, int at, int count) {
        Elementwise.gelu(x, at, count, scratch.get().exponentials);
    }

    @Override
    public void softCap(float[] x, int at, int count, float cap) {
        Elementwise.softCap(x, at, count, cap, scratch.get().exponentials);
    }

    @Override
    public void scale(float[] x, int at, int count, float factor) {
        Elementwise.scale(x, at, count, factor);
    }

    @Override
    public void multiply(float[] x, int xAt, float[] y, int yAt, int count) {
        Elementwise.multiply(x, xAt, y, yAt, count);
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
    public void attentionScores(HeadRows queries, KvBlock block, int kvHead, float scale, HeadRows scores) {
        switch (block) {
            case FloatKvBlock floats -> F32Attention.scores(queries, floats, kvHead, scale, scores);
            case Bfloat16KvBlock pairs -> Bf16Attention.scores(queries, pairs, kvHead, scale, scores);
        }
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
    public void attentionValues(HeadRows probabilities, KvBlock block, int kvHead, int positions, HeadRows out) {
        switch (block) {
            case FloatKvBlock floats -> F32Attention.values(probabilities, floats, kvHead, positions, out);
            case Bfloat16KvBlock pairs -> Bf16Attention.values(probabilities, pairs, kvHead, positions, out);
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
