package io.karipap.kernels;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The register tile of the matmul: rows of activations × four vectors of output features, whose weights lie as floats at
 * {@code p0…p3}. Six rows make 24 accumulators, 4 weights and a broadcast activation, 29 of 32 registers. Straight-line: a
 * method of ours that takes or returns a vector may not be inlined, and then boxes it.
 *
 * <p>The sums are added to {@code y}, one row after the other. The activations of a tile lie column after column,
 * {@code [columns, rows]}.
 */
final class VectorTile {
    private static final VectorSpecies<Float> FLOATS = Vectors.FLOATS;
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    private static final int LANES = Vectors.LANES;

    /** Output features of a tile. */
    private static final int FEATURES = 4 * LANES;

    private VectorTile() {}

    /** Six rows. */
    static void six(
            MemorySegment w, long p0, long p1, long p2, long p3, int columns, float[] x, int xAt, float[] y, int y0) {
        int y1 = y0 + FEATURES;
        int y2 = y1 + FEATURES;
        int y3 = y2 + FEATURES;
        int y4 = y3 + FEATURES;
        int y5 = y4 + FEATURES;
        for (int from = 0; from < columns; from += PackedMatrix.K_BLOCK) {
            int count = Math.min(PackedMatrix.K_BLOCK, columns - from);
            long base = from * 64L;
            long q0 = p0 + base;
            long q1 = p1 + base;
            long q2 = p2 + base;
            long q3 = p3 + base;
            int at = xAt + from * 6;
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
            FloatVector c40 = c00;
            FloatVector c41 = c00;
            FloatVector c42 = c00;
            FloatVector c43 = c00;
            FloatVector c50 = c00;
            FloatVector c51 = c00;
            FloatVector c52 = c00;
            FloatVector c53 = c00;
            for (int k = 0; k < count; k++) {
                long p = k * 64L;
                FloatVector w0 = FloatVector.fromMemorySegment(FLOATS, w, q0 + p, ORDER);
                FloatVector w1 = FloatVector.fromMemorySegment(FLOATS, w, q1 + p, ORDER);
                FloatVector w2 = FloatVector.fromMemorySegment(FLOATS, w, q2 + p, ORDER);
                FloatVector w3 = FloatVector.fromMemorySegment(FLOATS, w, q3 + p, ORDER);
                FloatVector a = FloatVector.broadcast(FLOATS, x[at + k * 6]);
                c00 = a.fma(w0, c00);
                c01 = a.fma(w1, c01);
                c02 = a.fma(w2, c02);
                c03 = a.fma(w3, c03);
                a = FloatVector.broadcast(FLOATS, x[at + k * 6 + 1]);
                c10 = a.fma(w0, c10);
                c11 = a.fma(w1, c11);
                c12 = a.fma(w2, c12);
                c13 = a.fma(w3, c13);
                a = FloatVector.broadcast(FLOATS, x[at + k * 6 + 2]);
                c20 = a.fma(w0, c20);
                c21 = a.fma(w1, c21);
                c22 = a.fma(w2, c22);
                c23 = a.fma(w3, c23);
                a = FloatVector.broadcast(FLOATS, x[at + k * 6 + 3]);
                c30 = a.fma(w0, c30);
                c31 = a.fma(w1, c31);
                c32 = a.fma(w2, c32);
                c33 = a.fma(w3, c33);
                a = FloatVector.broadcast(FLOATS, x[at + k * 6 + 4]);
                c40 = a.fma(w0, c40);
                c41 = a.fma(w1, c41);
                c42 = a.fma(w2, c42);
                c43 = a.fma(w3, c43);
                a = FloatVector.broadcast(FLOATS, x[at + k * 6 + 5]);
                c50 = a.fma(w0, c50);
                c51 = a.fma(w1, c51);
                c52 = a.fma(w2, c52);
                c53 = a.fma(w3, c53);
            }
            FloatVector.fromArray(FLOATS, y, y0).add(c00).intoArray(y, y0);
            FloatVector.fromArray(FLOATS, y, y0 + LANES).add(c01).intoArray(y, y0 + LANES);
            FloatVector.fromArray(FLOATS, y, y0 + 2 * LANES).add(c02).intoArray(y, y0 + 2 * LANES);
            FloatVector.fromArray(FLOATS, y, y0 + 3 * LANES).add(c03).intoArray(y, y0 + 3 * LANES);
            FloatVector.fromArray(FLOATS, y, y1).add(c10).intoArray(y, y1);
            FloatVector.fromArray(FLOATS, y, y1 + LANES).add(c11).intoArray(y, y1 + LANES);
            FloatVector.fromArray(FLOATS, y, y1 + 2 * LANES).add(c12).intoArray(y, y1 + 2 * LANES);
            FloatVector.fromArray(FLOATS, y, y1 + 3 * LANES).add(c13).intoArray(y, y1 + 3 * LANES);
            FloatVector.fromArray(FLOATS, y, y2).add(c20).intoArray(y, y2);
            FloatVector.fromArray(FLOATS, y, y2 + LANES).add(c21).intoArray(y, y2 + LANES);
            FloatVector.fromArray(FLOATS, y, y2 + 2 * LANES).add(c22).intoArray(y, y2 + 2 * LANES);
            FloatVector.fromArray(FLOATS, y, y2 + 3 * LANES).add(c23).intoArray(y, y2 + 3 * LANES);
            FloatVector.fromArray(FLOATS, y, y3).add(c30).intoArray(y, y3);
            FloatVector.fromArray(FLOATS, y, y3 + LANES).add(c31).intoArray(y, y3 + LANES);
            FloatVector.fromArray(FLOATS, y, y3 + 2 * LANES).add(c32).intoArray(y, y3 + 2 * LANES);
            FloatVector.fromArray(FLOATS, y, y3 + 3 * LANES).add(c33).intoArray(y, y3 + 3 * LANES);
            FloatVector.fromArray(FLOATS, y, y4).add(c40).intoArray(y, y4);
            FloatVector.fromArray(FLOATS, y, y4 + LANES).add(c41).intoArray(y, y4 + LANES);
            FloatVector.fromArray(FLOATS, y, y4 + 2 * LANES).add(c42).intoArray(y, y4 + 2 * LANES);
            FloatVector.fromArray(FLOATS, y, y4 + 3 * LANES).add(c43).intoArray(y, y4 + 3 * LANES);
            FloatVector.fromArray(FLOATS, y, y5).add(c50).intoArray(y, y5);
            FloatVector.fromArray(FLOATS, y, y5 + LANES).add(c51).intoArray(y, y5 + LANES);
            FloatVector.fromArray(FLOATS, y, y5 + 2 * LANES).add(c52).intoArray(y, y5 + 2 * LANES);
            FloatVector.fromArray(FLOATS, y, y5 + 3 * LANES).add(c53).intoArray(y, y5 + 3 * LANES);
        }
    }

    /** Four rows. */
    static void four(
            MemorySegment w, long p0, long p1, long p2, long p3, int columns, float[] x, int xAt, float[] y, int y0) {
        int y1 = y0 + FEATURES;
        int y2 = y1 + FEATURES;
        int y3 = y2 + FEATURES;
        for (int from = 0; from < columns; from += PackedMatrix.K_BLOCK) {
            int count = Math.min(PackedMatrix.K_BLOCK, columns - from);
            long base = from * 64L;
            long q0 = p0 + base;
            long q1 = p1 + base;
            long q2 = p2 + base;
            long q3 = p3 + base;
            int at = xAt + from * 4;
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
            for (int k = 0; k < count; k++) {
                long p = k * 64L;
                FloatVector w0 = FloatVector.fromMemorySegment(FLOATS, w, q0 + p, ORDER);
                FloatVector w1 = FloatVector.fromMemorySegment(FLOATS, w, q1 + p, ORDER);
                FloatVector w2 = FloatVector.fromMemorySegment(FLOATS, w, q2 + p, ORDER);
                FloatVector w3 = FloatVector.fromMemorySegment(FLOATS, w, q3 + p, ORDER);
                FloatVector a = FloatVector.broadcast(FLOATS, x[at + k * 4]);
                c00 = a.fma(w0, c00);
                c01 = a.fma(w1, c01);
                c02 = a.fma(w2, c02);
                c03 = a.fma(w3, c03);
                a = FloatVector.broadcast(FLOATS, x[at + k * 4 + 1]);
                c10 = a.fma(w0, c10);
                c11 = a.fma(w1, c11);
                c12 = a.fma(w2, c12);
                c13 = a.fma(w3, c13);
                a = FloatVector.broadcast(FLOATS, x[at + k * 4 + 2]);
                c20 = a.fma(w0, c20);
                c21 = a.fma(w1, c21);
                c22 = a.fma(w2, c22);
                c23 = a.fma(w3, c23);
                a = FloatVector.broadcast(FLOATS, x[at + k * 4 + 3]);
                c30 = a.fma(w0, c30);
                c31 = a.fma(w1, c31);
                c32 = a.fma(w2, c32);
                c33 = a.fma(w3, c33);
            }
            FloatVector.fromArray(FLOATS, y, y0).add(c00).intoArray(y, y0);
            FloatVector.fromArray(FLOATS, y, y0 + LANES).add(c01).intoArray(y, y0 + LANES);
            FloatVector.fromArray(FLOATS, y, y0 + 2 * LANES).add(c02).intoArray(y, y0 + 2 * LANES);
            FloatVector.fromArray(FLOATS, y, y0 + 3 * LANES).add(c03).intoArray(y, y0 + 3 * LANES);
            FloatVector.fromArray(FLOATS, y, y1).add(c10).intoArray(y, y1);
            FloatVector.fromArray(FLOATS, y, y1 + LANES).add(c11).intoArray(y, y1 + LANES);
            FloatVector.fromArray(FLOATS, y, y1 + 2 * LANES).add(c12).intoArray(y, y1 + 2 * LANES);
            FloatVector.fromArray(FLOATS, y, y1 + 3 * LANES).add(c13).intoArray(y, y1 + 3 * LANES);
            FloatVector.fromArray(FLOATS, y, y2).add(c20).intoArray(y, y2);
            FloatVector.fromArray(FLOATS, y, y2 + LANES).add(c21).intoArray(y, y2 + LANES);
            FloatVector.fromArray(FLOATS, y, y2 + 2 * LANES).add(c22).intoArray(y, y2 + 2 * LANES);
            FloatVector.fromArray(FLOATS, y, y2 + 3 * LANES).add(c23).intoArray(y, y2 + 3 * LANES);
            FloatVector.fromArray(FLOATS, y, y3).add(c30).intoArray(y, y3);
            FloatVector.fromArray(FLOATS, y, y3 + LANES).add(c31).intoArray(y, y3 + LANES);
            FloatVector.fromArray(FLOATS, y, y3 + 2 * LANES).add(c32).intoArray(y, y3 + 2 * LANES);
            FloatVector.fromArray(FLOATS, y, y3 + 3 * LANES).add(c33).intoArray(y, y3 + 3 * LANES);
        }
    }

    /** Two rows: as many chains of multiply-adds as their latency asks for. */
    static void two(
            MemorySegment w, long p0, long p1, long p2, long p3, int columns, float[] x, int xAt, float[] y, int y0) {
        int y1 = y0 + FEATURES;
        for (int from = 0; from < columns; from += PackedMatrix.K_BLOCK) {
            int count = Math.min(PackedMatrix.K_BLOCK, columns - from);
            long base = from * 64L;
            long q0 = p0 + base;
            long q1 = p1 + base;
            long q2 = p2 + base;
            long q3 = p3 + base;
            int at = xAt + from * 2;
            FloatVector c00 = FloatVector.zero(FLOATS);
            FloatVector c01 = c00;
            FloatVector c02 = c00;
            FloatVector c03 = c00;
            FloatVector c10 = c00;
            FloatVector c11 = c00;
            FloatVector c12 = c00;
            FloatVector c13 = c00;
            for (int k = 0; k < count; k++) {
                long p = k * 64L;
                FloatVector w0 = FloatVector.fromMemorySegment(FLOATS, w, q0 + p, ORDER);
                FloatVector w1 = FloatVector.fromMemorySegment(FLOATS, w, q1 + p, ORDER);
                FloatVector w2 = FloatVector.fromMemorySegment(FLOATS, w, q2 + p, ORDER);
                FloatVector w3 = FloatVector.fromMemorySegment(FLOATS, w, q3 + p, ORDER);
                FloatVector a = FloatVector.broadcast(FLOATS, x[at + k * 2]);
                c00 = a.fma(w0, c00);
                c01 = a.fma(w1, c01);
                c02 = a.fma(w2, c02);
                c03 = a.fma(w3, c03);
                a = FloatVector.broadcast(FLOATS, x[at + k * 2 + 1]);
                c10 = a.fma(w0, c10);
                c11 = a.fma(w1, c11);
                c12 = a.fma(w2, c12);
                c13 = a.fma(w3, c13);
            }
            FloatVector.fromArray(FLOATS, y, y0).add(c00).intoArray(y, y0);
            FloatVector.fromArray(FLOATS, y, y0 + LANES).add(c01).intoArray(y, y0 + LANES);
            FloatVector.fromArray(FLOATS, y, y0 + 2 * LANES).add(c02).intoArray(y, y0 + 2 * LANES);
            FloatVector.fromArray(FLOATS, y, y0 + 3 * LANES).add(c03).intoArray(y, y0 + 3 * LANES);
            FloatVector.fromArray(FLOATS, y, y1).add(c10).intoArray(y, y1);
            FloatVector.fromArray(FLOATS, y, y1 + LANES).add(c11).intoArray(y, y1 + LANES);
            FloatVector.fromArray(FLOATS, y, y1 + 2 * LANES).add(c12).intoArray(y, y1 + 2 * LANES);
            FloatVector.fromArray(FLOATS, y, y1 + 3 * LANES).add(c13).intoArray(y, y1 + 3 * LANES);
        }
    }
}
