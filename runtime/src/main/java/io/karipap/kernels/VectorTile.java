package io.karipap.kernels;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The register tile of the matmul: {@link #ROWS} rows of activations × four vectors of output features. 16 accumulators, 4 weights and a
 * broadcast activation fill 21 of 32 registers; 16 FMAs for 8 loads keep both FMA ports busy. Straight-line, no own helper: see the
 * trap of C2's node budget.
 */
final class VectorTile {
    /** Rows of activations in a tile. */
    static final int ROWS = 4;

    private static final VectorSpecies<Float> FLOATS = VectorGemv.FLOATS;
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    private static final int LANES = FLOATS.length();

    private VectorTile() {}

    /** As {@link VectorGemv#f32}, for rows [m, m + 4) of x; the rows of the result are {@code stride} apart. */
    static void multiply(
            MemorySegment w,
            long p0,
            long p1,
            long p2,
            long p3,
            Rows x,
            int m,
            int from,
            int to,
            float[] ys,
            int y0,
            int stride) {
        float[] xs = x.data();
        int x0 = x.at(m);
        int x1 = x.at(m + 1);
        int x2 = x.at(m + 2);
        int x3 = x.at(m + 3);
        FloatVector c00 = FloatVector.zero(FLOATS);
        FloatVector c01 = c00;
        FloatVector c02 = c00;
        FloatVector c03 = c00;
        FloatVector c10 = c00;
        FloatVector c11 = c00;
        FloatVector c12 = c00;
        FloatVector c13 = c00;
        FloatVector c20 = c00;
        FloatVector c21 = c00;
        FloatVector c22 = c00;
        FloatVector c23 = c00;
        FloatVector c30 = c00;
        FloatVector c31 = c00;
        FloatVector c32 = c00;
        FloatVector c33 = c00;
        for (int k = from; k < to; k++) {
            long p = (k - from) * 64L;
            FloatVector w0 = FloatVector.fromMemorySegment(FLOATS, w, p0 + p, ORDER);
            FloatVector w1 = FloatVector.fromMemorySegment(FLOATS, w, p1 + p, ORDER);
            FloatVector w2 = FloatVector.fromMemorySegment(FLOATS, w, p2 + p, ORDER);
            FloatVector w3 = FloatVector.fromMemorySegment(FLOATS, w, p3 + p, ORDER);
            FloatVector a = FloatVector.broadcast(FLOATS, xs[x0 + k]);
            c00 = a.fma(w0, c00);
            c01 = a.fma(w1, c01);
            c02 = a.fma(w2, c02);
            c03 = a.fma(w3, c03);
            a = FloatVector.broadcast(FLOATS, xs[x1 + k]);
            c10 = a.fma(w0, c10);
            c11 = a.fma(w1, c11);
            c12 = a.fma(w2, c12);
            c13 = a.fma(w3, c13);
            a = FloatVector.broadcast(FLOATS, xs[x2 + k]);
            c20 = a.fma(w0, c20);
            c21 = a.fma(w1, c21);
            c22 = a.fma(w2, c22);
            c23 = a.fma(w3, c23);
            a = FloatVector.broadcast(FLOATS, xs[x3 + k]);
            c30 = a.fma(w0, c30);
            c31 = a.fma(w1, c31);
            c32 = a.fma(w2, c32);
            c33 = a.fma(w3, c33);
        }
        int y1 = y0 + stride;
        int y2 = y1 + stride;
        int y3 = y2 + stride;
        if (from > 0) {
            c00 = FloatVector.fromArray(FLOATS, ys, y0).add(c00);
            c01 = FloatVector.fromArray(FLOATS, ys, y0 + LANES).add(c01);
            c02 = FloatVector.fromArray(FLOATS, ys, y0 + 2 * LANES).add(c02);
            c03 = FloatVector.fromArray(FLOATS, ys, y0 + 3 * LANES).add(c03);
            c10 = FloatVector.fromArray(FLOATS, ys, y1).add(c10);
            c11 = FloatVector.fromArray(FLOATS, ys, y1 + LANES).add(c11);
            c12 = FloatVector.fromArray(FLOATS, ys, y1 + 2 * LANES).add(c12);
            c13 = FloatVector.fromArray(FLOATS, ys, y1 + 3 * LANES).add(c13);
            c20 = FloatVector.fromArray(FLOATS, ys, y2).add(c20);
            c21 = FloatVector.fromArray(FLOATS, ys, y2 + LANES).add(c21);
            c22 = FloatVector.fromArray(FLOATS, ys, y2 + 2 * LANES).add(c22);
            c23 = FloatVector.fromArray(FLOATS, ys, y2 + 3 * LANES).add(c23);
            c30 = FloatVector.fromArray(FLOATS, ys, y3).add(c30);
            c31 = FloatVector.fromArray(FLOATS, ys, y3 + LANES).add(c31);
            c32 = FloatVector.fromArray(FLOATS, ys, y3 + 2 * LANES).add(c32);
            c33 = FloatVector.fromArray(FLOATS, ys, y3 + 3 * LANES).add(c33);
        }
        c00.intoArray(ys, y0);
        c01.intoArray(ys, y0 + LANES);
        c02.intoArray(ys, y0 + 2 * LANES);
        c03.intoArray(ys, y0 + 3 * LANES);
        c10.intoArray(ys, y1);
        c11.intoArray(ys, y1 + LANES);
        c12.intoArray(ys, y1 + 2 * LANES);
        c13.intoArray(ys, y1 + 3 * LANES);
        c20.intoArray(ys, y2);
        c21.intoArray(ys, y2 + LANES);
        c22.intoArray(ys, y2 + 2 * LANES);
        c23.intoArray(ys, y2 + 3 * LANES);
        c30.intoArray(ys, y3);
        c31.intoArray(ys, y3 + LANES);
        c32.intoArray(ys, y3 + 2 * LANES);
        c33.intoArray(ys, y3 + 3 * LANES);
    }
}
