package io.karipap.kernels;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * One row of activations times four vectors of output features, for each type of weight: four independent streams from memory and four
 * chains of fused multiply-adds. Straight-line code: a method of ours that takes or returns a vector may not be inlined, and then boxes it.
 *
 * <p>All methods: four vectors of output features whose weights lie at {@code p0…p3}; the sums of their blocks of columns are added to
 * {@code y}, one vector after the other.
 */
final class VectorGemv {
    private static final VectorSpecies<Float> FLOATS = Vectors.FLOATS;
    private static final VectorSpecies<Integer> INTS = Vectors.INTS;
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    private static final int LANES = Vectors.LANES;

    /** Vectors of output features in one call. */
    static final int CHAINS = 4;

    private VectorGemv() {}

    /** {@code columns} columns. */
    static void f32(
            MemorySegment w, long p0, long p1, long p2, long p3, float[] x, int xAt, int columns, float[] y, int yAt) {
        for (int from = 0; from < columns; from += PackedMatrix.K_BLOCK) {
            int count = Math.min(PackedMatrix.K_BLOCK, columns - from);
            long skip = from * 64L;
            long q0 = p0 + skip;
            long q1 = p1 + skip;
            long q2 = p2 + skip;
            long q3 = p3 + skip;
            int at = xAt + from;
            FloatVector b0 = FloatVector.zero(FLOATS);
            FloatVector b1 = b0;
            FloatVector b2 = b0;
            FloatVector b3 = b0;
            for (int k = 0; k < count; k += 1) {
                long p = k * 64L;
                FloatVector a = FloatVector.broadcast(FLOATS, x[at + k]);
                b0 = a.fma(FloatVector.fromMemorySegment(FLOATS, w, q0 + p, ORDER), b0);
                b1 = a.fma(FloatVector.fromMemorySegment(FLOATS, w, q1 + p, ORDER), b1);
                b2 = a.fma(FloatVector.fromMemorySegment(FLOATS, w, q2 + p, ORDER), b2);
                b3 = a.fma(FloatVector.fromMemorySegment(FLOATS, w, q3 + p, ORDER), b3);
            }
            FloatVector.fromArray(FLOATS, y, yAt).add(b0).intoArray(y, yAt);
            FloatVector.fromArray(FLOATS, y, yAt + LANES).add(b1).intoArray(y, yAt + LANES);
            FloatVector.fromArray(FLOATS, y, yAt + 2 * LANES).add(b2).intoArray(y, yAt + 2 * LANES);
            FloatVector.fromArray(FLOATS, y, yAt + 3 * LANES).add(b3).intoArray(y, yAt + 3 * LANES);
        }
    }

    /** {@code columns} columns, padded to even; a lane holds an even column in its low and the next column in its high half. */
    static void bf16(
            MemorySegment w, long p0, long p1, long p2, long p3, float[] x, int xAt, int columns, float[] y, int yAt) {
        for (int from = 0; from < columns; from += PackedMatrix.K_BLOCK) {
            int count = Math.min(PackedMatrix.K_BLOCK, columns - from);
            long skip = from * 32L;
            long q0 = p0 + skip;
            long q1 = p1 + skip;
            long q2 = p2 + skip;
            long q3 = p3 + skip;
            int at = xAt + from;
            FloatVector b0 = FloatVector.zero(FLOATS);
            FloatVector b1 = b0;
            FloatVector b2 = b0;
            FloatVector b3 = b0;
            for (int k = 0; k < count; k += 2) {
                long p = k * 32L;
                IntVector w0 = IntVector.fromMemorySegment(INTS, w, q0 + p, ORDER);
                IntVector w1 = IntVector.fromMemorySegment(INTS, w, q1 + p, ORDER);
                IntVector w2 = IntVector.fromMemorySegment(INTS, w, q2 + p, ORDER);
                IntVector w3 = IntVector.fromMemorySegment(INTS, w, q3 + p, ORDER);
                FloatVector even = FloatVector.broadcast(FLOATS, x[at + k]);
                b0 = even.fma(w0.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), b0);
                b1 = even.fma(w1.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), b1);
                b2 = even.fma(w2.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), b2);
                b3 = even.fma(w3.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), b3);
                FloatVector odd = FloatVector.broadcast(FLOATS, x[at + k + 1]);
                b0 = odd.fma(w0.and(0xffff0000).reinterpretAsFloats(), b0);
                b1 = odd.fma(w1.and(0xffff0000).reinterpretAsFloats(), b1);
                b2 = odd.fma(w2.and(0xffff0000).reinterpretAsFloats(), b2);
                b3 = odd.fma(w3.and(0xffff0000).reinterpretAsFloats(), b3);
            }
            FloatVector.fromArray(FLOATS, y, yAt).add(b0).intoArray(y, yAt);
            FloatVector.fromArray(FLOATS, y, yAt + LANES).add(b1).intoArray(y, yAt + LANES);
            FloatVector.fromArray(FLOATS, y, yAt + 2 * LANES).add(b2).intoArray(y, yAt + 2 * LANES);
            FloatVector.fromArray(FLOATS, y, yAt + 3 * LANES).add(b3).intoArray(y, yAt + 3 * LANES);
        }
    }

    /**
     * As {@link #bf16} with halves of binary16. The magnitude, shifted and rebiased as an integer, is right unless the half is
     * subnormal; then twice it less 2⁻¹⁴ is, which is the smaller of the two just there. No denormal float is ever touched.
     */
    static void f16(
            MemorySegment w, long p0, long p1, long p2, long p3, float[] x, int xAt, int columns, float[] y, int yAt) {
        for (int from = 0; from < columns; from += PackedMatrix.K_BLOCK) {
            int count = Math.min(PackedMatrix.K_BLOCK, columns - from);
            long skip = from * 32L;
            long q0 = p0 + skip;
            long q1 = p1 + skip;
            long q2 = p2 + skip;
            long q3 = p3 + skip;
            int at = xAt + from;
            FloatVector b0 = FloatVector.zero(FLOATS);
            FloatVector b1 = b0;
            FloatVector b2 = b0;
            FloatVector b3 = b0;
            for (int k = 0; k < count; k += 2) {
                long p = k * 32L;
                FloatVector even = FloatVector.broadcast(FLOATS, x[at + k]);
                FloatVector odd = FloatVector.broadcast(FLOATS, x[at + k + 1]);
                IntVector w0 = IntVector.fromMemorySegment(INTS, w, q0 + p, ORDER);
                IntVector e0 = w0.and(0x7fff).lanewise(VectorOperators.LSHL, 13).add(Vectors.HALF_REBIAS);
                e0 = e0.min(e0.reinterpretAsFloats()
                                .fma(FloatVector.broadcast(FLOATS, 2f), FloatVector.broadcast(FLOATS, -0x1p-14f))
                                .reinterpretAsInts())
                        .or(w0.and(0x8000).lanewise(VectorOperators.LSHL, 16));
                b0 = even.fma(e0.reinterpretAsFloats(), b0);
                IntVector o0 =
                        w0.lanewise(VectorOperators.LSHR, 3).and(0x0fffe000).add(Vectors.HALF_REBIAS);
                o0 = o0.min(o0.reinterpretAsFloats()
                                .fma(FloatVector.broadcast(FLOATS, 2f), FloatVector.broadcast(FLOATS, -0x1p-14f))
                                .reinterpretAsInts())
                        .or(w0.and(0x80000000));
                b0 = odd.fma(o0.reinterpretAsFloats(), b0);
                IntVector w1 = IntVector.fromMemorySegment(INTS, w, q1 + p, ORDER);
                IntVector e1 = w1.and(0x7fff).lanewise(VectorOperators.LSHL, 13).add(Vectors.HALF_REBIAS);
                e1 = e1.min(e1.reinterpretAsFloats()
                                .fma(FloatVector.broadcast(FLOATS, 2f), FloatVector.broadcast(FLOATS, -0x1p-14f))
                                .reinterpretAsInts())
                        .or(w1.and(0x8000).lanewise(VectorOperators.LSHL, 16));
                b1 = even.fma(e1.reinterpretAsFloats(), b1);
                IntVector o1 =
                        w1.lanewise(VectorOperators.LSHR, 3).and(0x0fffe000).add(Vectors.HALF_REBIAS);
                o1 = o1.min(o1.reinterpretAsFloats()
                                .fma(FloatVector.broadcast(FLOATS, 2f), FloatVector.broadcast(FLOATS, -0x1p-14f))
                                .reinterpretAsInts())
                        .or(w1.and(0x80000000));
                b1 = odd.fma(o1.reinterpretAsFloats(), b1);
                IntVector w2 = IntVector.fromMemorySegment(INTS, w, q2 + p, ORDER);
                IntVector e2 = w2.and(0x7fff).lanewise(VectorOperators.LSHL, 13).add(Vectors.HALF_REBIAS);
                e2 = e2.min(e2.reinterpretAsFloats()
                                .fma(FloatVector.broadcast(FLOATS, 2f), FloatVector.broadcast(FLOATS, -0x1p-14f))
                                .reinterpretAsInts())
                        .or(w2.and(0x8000).lanewise(VectorOperators.LSHL, 16));
                b2 = even.fma(e2.reinterpretAsFloats(), b2);
                IntVector o2 =
                        w2.lanewise(VectorOperators.LSHR, 3).and(0x0fffe000).add(Vectors.HALF_REBIAS);
                o2 = o2.min(o2.reinterpretAsFloats()
                                .fma(FloatVector.broadcast(FLOATS, 2f), FloatVector.broadcast(FLOATS, -0x1p-14f))
                                .reinterpretAsInts())
                        .or(w2.and(0x80000000));
                b2 = odd.fma(o2.reinterpretAsFloats(), b2);
                IntVector w3 = IntVector.fromMemorySegment(INTS, w, q3 + p, ORDER);
                IntVector e3 = w3.and(0x7fff).lanewise(VectorOperators.LSHL, 13).add(Vectors.HALF_REBIAS);
                e3 = e3.min(e3.reinterpretAsFloats()
                                .fma(FloatVector.broadcast(FLOATS, 2f), FloatVector.broadcast(FLOATS, -0x1p-14f))
                                .reinterpretAsInts())
                        .or(w3.and(0x8000).lanewise(VectorOperators.LSHL, 16));
                b3 = even.fma(e3.reinterpretAsFloats(), b3);
                IntVector o3 =
                        w3.lanewise(VectorOperators.LSHR, 3).and(0x0fffe000).add(Vectors.HALF_REBIAS);
                o3 = o3.min(o3.reinterpretAsFloats()
                                .fma(FloatVector.broadcast(FLOATS, 2f), FloatVector.broadcast(FLOATS, -0x1p-14f))
                                .reinterpretAsInts())
                        .or(w3.and(0x80000000));
                b3 = odd.fma(o3.reinterpretAsFloats(), b3);
            }
            FloatVector.fromArray(FLOATS, y, yAt).add(b0).intoArray(y, yAt);
            FloatVector.fromArray(FLOATS, y, yAt + LANES).add(b1).intoArray(y, yAt + LANES);
            FloatVector.fromArray(FLOATS, y, yAt + 2 * LANES).add(b2).intoArray(y, yAt + 2 * LANES);
            FloatVector.fromArray(FLOATS, y, yAt + 3 * LANES).add(b3).intoArray(y, yAt + 3 * LANES);
        }
    }

    /**
     * {@code columns} columns of codes, whole groups, whose codes lie {@code codesAt} bytes behind their scales, those of an even group first;
     * see {@link CodeLanes}.
     */
    static void codes(
            MemorySegment w,
            long p0,
            long p1,
            long p2,
            long p3,
            long codesAt,
            CodeLanes lanes,
            float[] x,
            int xAt,
            int columns,
            float[] y,
            int yAt) {
        FloatVector two = FloatVector.broadcast(FLOATS, 2f);
        FloatVector leastNormal = FloatVector.broadcast(FLOATS, -0x1p-14f);
        IntVector evenMask = IntVector.fromArray(INTS, lanes.evenMask, 0);
        IntVector evenExponent = IntVector.fromArray(INTS, lanes.evenExponent, 0);
        IntVector oddMask = IntVector.fromArray(INTS, lanes.oddMask, 0);
        IntVector oddExponent = IntVector.fromArray(INTS, lanes.oddExponent, 0);
        long c0 = p0 + codesAt;
        long c1 = p1 + codesAt;
        long c2 = p2 + codesAt;
        long c3 = p3 + codesAt;
        int steps = lanes.steps;
        int pair = lanes.pair;
        int groups = columns / WeightType.GROUP;
        for (int from = 0; from < groups; from += PackedMatrix.K_BLOCK / WeightType.GROUP) {
            int to = Math.min(groups, from + PackedMatrix.K_BLOCK / WeightType.GROUP);
            FloatVector b0 = FloatVector.zero(FLOATS);
            FloatVector b1 = b0;
            FloatVector b2 = b0;
            FloatVector b3 = b0;
            for (int g = from; g < to; g++) {
                long s = (g >> 1) * 64L;
                int toTop = 16 * (~g & 1);
                IntVector h0 =
                        IntVector.fromMemorySegment(INTS, w, p0 + s, ORDER).lanewise(VectorOperators.LSHL, toTop);
                IntVector m0 =
                        h0.lanewise(VectorOperators.LSHR, 3).and(0x0fffe000).add(Vectors.HALF_REBIAS);
                FloatVector d0 = m0.min(
                                m0.reinterpretAsFloats().fma(two, leastNormal).reinterpretAsInts())
                        .or(h0.and(0x80000000))
                        .reinterpretAsFloats();
                FloatVector e0 = d0.mul(lanes.evenOffset);
                FloatVector o0 = d0.mul(lanes.oddOffset);
                IntVector h1 =
                        IntVector.fromMemorySegment(INTS, w, p1 + s, ORDER).lanewise(VectorOperators.LSHL, toTop);
                IntVector m1 =
                        h1.lanewise(VectorOperators.LSHR, 3).and(0x0fffe000).add(Vectors.HALF_REBIAS);
                FloatVector d1 = m1.min(
                                m1.reinterpretAsFloats().fma(two, leastNormal).reinterpretAsInts())
                        .or(h1.and(0x80000000))
                        .reinterpretAsFloats();
                FloatVector e1 = d1.mul(lanes.evenOffset);
                FloatVector o1 = d1.mul(lanes.oddOffset);
                IntVector h2 =
                        IntVector.fromMemorySegment(INTS, w, p2 + s, ORDER).lanewise(VectorOperators.LSHL, toTop);
                IntVector m2 =
                        h2.lanewise(VectorOperators.LSHR, 3).and(0x0fffe000).add(Vectors.HALF_REBIAS);
                FloatVector d2 = m2.min(
                                m2.reinterpretAsFloats().fma(two, leastNormal).reinterpretAsInts())
                        .or(h2.and(0x80000000))
                        .reinterpretAsFloats();
                FloatVector e2 = d2.mul(lanes.evenOffset);
                FloatVector o2 = d2.mul(lanes.oddOffset);
                IntVector h3 =
                        IntVector.fromMemorySegment(INTS, w, p3 + s, ORDER).lanewise(VectorOperators.LSHL, toTop);
                IntVector m3 =
                        h3.lanewise(VectorOperators.LSHR, 3).and(0x0fffe000).add(Vectors.HALF_REBIAS);
                FloatVector d3 = m3.min(
                                m3.reinterpretAsFloats().fma(two, leastNormal).reinterpretAsInts())
                        .or(h3.and(0x80000000))
                        .reinterpretAsFloats();
                FloatVector e3 = d3.mul(lanes.evenOffset);
                FloatVector o3 = d3.mul(lanes.oddOffset);
                for (int j = g * 8; j < g * 8 + 8; j++) {
                    long p = (j >> steps) * 64L;
                    int turn = (j & steps) * 16;
                    int k = xAt + 4 * j;
                    FloatVector a0 = FloatVector.broadcast(FLOATS, x[k]);
                    FloatVector a1 = FloatVector.broadcast(FLOATS, x[k + 1]);
                    FloatVector a2 = FloatVector.broadcast(FLOATS, x[k + 2]);
                    FloatVector a3 = FloatVector.broadcast(FLOATS, x[k + 3]);
                    IntVector w0 =
                            IntVector.fromMemorySegment(INTS, w, c0 + p, ORDER).lanewise(VectorOperators.ROR, turn);
                    b0 = a0.fma(
                            w0.and(evenMask)
                                    .or(evenExponent)
                                    .reinterpretAsFloats()
                                    .fma(d0, e0),
                            b0);
                    b0 = a1.fma(
                            w0.and(oddMask)
                                    .or(oddExponent)
                                    .reinterpretAsFloats()
                                    .fma(d0, o0),
                            b0);
                    w0 = w0.lanewise(VectorOperators.ROR, pair);
                    b0 = a2.fma(
                            w0.and(evenMask)
                                    .or(evenExponent)
                                    .reinterpretAsFloats()
                                    .fma(d0, e0),
                            b0);
                    b0 = a3.fma(
                            w0.and(oddMask)
                                    .or(oddExponent)
                                    .reinterpretAsFloats()
                                    .fma(d0, o0),
                            b0);
                    IntVector w1 =
                            IntVector.fromMemorySegment(INTS, w, c1 + p, ORDER).lanewise(VectorOperators.ROR, turn);
                    b1 = a0.fma(
                            w1.and(evenMask)
                                    .or(evenExponent)
                                    .reinterpretAsFloats()
                                    .fma(d1, e1),
                            b1);
                    b1 = a1.fma(
                            w1.and(oddMask)
                                    .or(oddExponent)
                                    .reinterpretAsFloats()
                                    .fma(d1, o1),
                            b1);
                    w1 = w1.lanewise(VectorOperators.ROR, pair);
                    b1 = a2.fma(
                            w1.and(evenMask)
                                    .or(evenExponent)
                                    .reinterpretAsFloats()
                                    .fma(d1, e1),
                            b1);
                    b1 = a3.fma(
                            w1.and(oddMask)
                                    .or(oddExponent)
                                    .reinterpretAsFloats()
                                    .fma(d1, o1),
                            b1);
                    IntVector w2 =
                            IntVector.fromMemorySegment(INTS, w, c2 + p, ORDER).lanewise(VectorOperators.ROR, turn);
                    b2 = a0.fma(
                            w2.and(evenMask)
                                    .or(evenExponent)
                                    .reinterpretAsFloats()
                                    .fma(d2, e2),
                            b2);
                    b2 = a1.fma(
                            w2.and(oddMask)
                                    .or(oddExponent)
                                    .reinterpretAsFloats()
                                    .fma(d2, o2),
                            b2);
                    w2 = w2.lanewise(VectorOperators.ROR, pair);
                    b2 = a2.fma(
                            w2.and(evenMask)
                                    .or(evenExponent)
                                    .reinterpretAsFloats()
                                    .fma(d2, e2),
                            b2);
                    b2 = a3.fma(
                            w2.and(oddMask)
                                    .or(oddExponent)
                                    .reinterpretAsFloats()
                                    .fma(d2, o2),
                            b2);
                    IntVector w3 =
                            IntVector.fromMemorySegment(INTS, w, c3 + p, ORDER).lanewise(VectorOperators.ROR, turn);
                    b3 = a0.fma(
                            w3.and(evenMask)
                                    .or(evenExponent)
                                    .reinterpretAsFloats()
                                    .fma(d3, e3),
                            b3);
                    b3 = a1.fma(
                            w3.and(oddMask)
                                    .or(oddExponent)
                                    .reinterpretAsFloats()
                                    .fma(d3, o3),
                            b3);
                    w3 = w3.lanewise(VectorOperators.ROR, pair);
                    b3 = a2.fma(
                            w3.and(evenMask)
                                    .or(evenExponent)
                                    .reinterpretAsFloats()
                                    .fma(d3, e3),
                            b3);
                    b3 = a3.fma(
                            w3.and(oddMask)
                                    .or(oddExponent)
                                    .reinterpretAsFloats()
                                    .fma(d3, o3),
                            b3);
                }
            }
            FloatVector.fromArray(FLOATS, y, yAt).add(b0).intoArray(y, yAt);
            FloatVector.fromArray(FLOATS, y, yAt + LANES).add(b1).intoArray(y, yAt + LANES);
            FloatVector.fromArray(FLOATS, y, yAt + 2 * LANES).add(b2).intoArray(y, yAt + 2 * LANES);
            FloatVector.fromArray(FLOATS, y, yAt + 3 * LANES).add(b3).intoArray(y, yAt + 3 * LANES);
        }
    }
}
