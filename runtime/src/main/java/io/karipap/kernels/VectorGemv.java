package io.karipap.kernels;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * One row of activations times four vectors of output features, for each type of weight: four independent streams from memory and four
 * chains of fused multiply-adds. Straight-line code: see the trap of C2's node budget.
 *
 * <p>All methods: four vectors of output features whose weights lie at {@code p0…p3}; the results go to {@code y}, one vector after the
 * other.
 */
final class VectorGemv {
    private static final VectorSpecies<Float> FLOATS = Vectors.FLOATS;
    private static final VectorSpecies<Integer> INTS = Vectors.INTS;
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    private static final int LANES = Vectors.LANES;

    /** Vectors of output features in one call. */
    static final int CHAINS = 4;

    private static final int BLOCK_GROUPS = PackedMatrix.K_BLOCK / WeightType.GROUP;

    /** The floats −8 to 7 by code: a permutation of one register on machines with 16 lanes. */
    private static final int[] Q4_VALUES = new int[16];

    static {
        for (int code = 0; code < 16; code++) {
            Q4_VALUES[code] = Float.floatToRawIntBits(code - 8);
        }
    }

    private VectorGemv() {}

    /** {@code columns} columns. */
    static void f32(
            MemorySegment w, long p0, long p1, long p2, long p3, float[] x, int xAt, int columns, float[] y, int yAt) {
        FloatVector s0 = FloatVector.zero(FLOATS);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
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
            s0 = s0.add(b0);
            s1 = s1.add(b1);
            s2 = s2.add(b2);
            s3 = s3.add(b3);
        }
        s0.intoArray(y, yAt);
        s1.intoArray(y, yAt + LANES);
        s2.intoArray(y, yAt + 2 * LANES);
        s3.intoArray(y, yAt + 3 * LANES);
    }

    /** {@code columns} columns, padded to even; a lane holds an even column in its low and the next column in its high half. */
    static void bf16(
            MemorySegment w, long p0, long p1, long p2, long p3, float[] x, int xAt, int columns, float[] y, int yAt) {
        FloatVector s0 = FloatVector.zero(FLOATS);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
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
            s0 = s0.add(b0);
            s1 = s1.add(b1);
            s2 = s2.add(b2);
            s3 = s3.add(b3);
        }
        s0.intoArray(y, yAt);
        s1.intoArray(y, yAt + LANES);
        s2.intoArray(y, yAt + 2 * LANES);
        s3.intoArray(y, yAt + 3 * LANES);
    }

    /**
     * As {@link #bf16} with halves of binary16. The magnitude, shifted and rebiased as an integer, is right unless the half is
     * subnormal; then twice it less 2⁻¹⁴ is, which is the smaller of the two just there. No denormal float is ever touched.
     */
    static void f16(
            MemorySegment w, long p0, long p1, long p2, long p3, float[] x, int xAt, int columns, float[] y, int yAt) {
        FloatVector s0 = FloatVector.zero(FLOATS);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
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
            s0 = s0.add(b0);
            s1 = s1.add(b1);
            s2 = s2.add(b2);
            s3 = s3.add(b3);
        }
        s0.intoArray(y, yAt);
        s1.intoArray(y, yAt + LANES);
        s2.intoArray(y, yAt + 2 * LANES);
        s3.intoArray(y, yAt + 3 * LANES);
    }

    /**
     * {@code groups} groups of 8-bit codes. A code in the mantissa under the exponent of 2¹⁹ or 2¹¹ is a float; one multiply-add with the
     * scale takes that power and the bias away, without rounding.
     */
    static void q8(
            MemorySegment w, long p0, long p1, long p2, long p3, float[] x, int xAt, int groups, float[] y, int yAt) {
        FloatVector s0 = FloatVector.zero(FLOATS);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        for (int block = 0; block < groups; block += BLOCK_GROUPS) {
            int end = Math.min(groups, block + BLOCK_GROUPS);
            FloatVector b0 = FloatVector.zero(FLOATS);
            FloatVector b1 = b0;
            FloatVector b2 = b0;
            FloatVector b3 = b0;
            for (int g = block; g < end; g++) {
                long pair = (g >> 1) * 1088L;
                long codes = pair + 64 + (g & 1) * 512L;
                int half = 16 * (g & 1);
                long q0 = p0 + codes;
                long q1 = p1 + codes;
                long q2 = p2 + codes;
                long q3 = p3 + codes;
                int from = xAt + g * 32;
                IntVector h0 =
                        IntVector.fromMemorySegment(INTS, w, p0 + pair, ORDER).lanewise(VectorOperators.LSHR, half);
                IntVector d0 = h0.and(0x7fff).lanewise(VectorOperators.LSHL, 13).add(Vectors.HALF_REBIAS);
                d0 = d0.min(d0.reinterpretAsFloats()
                                .fma(FloatVector.broadcast(FLOATS, 2f), FloatVector.broadcast(FLOATS, -0x1p-14f))
                                .reinterpretAsInts())
                        .or(h0.and(0x8000).lanewise(VectorOperators.LSHL, 16));
                IntVector h1 =
                        IntVector.fromMemorySegment(INTS, w, p1 + pair, ORDER).lanewise(VectorOperators.LSHR, half);
                IntVector d1 = h1.and(0x7fff).lanewise(VectorOperators.LSHL, 13).add(Vectors.HALF_REBIAS);
                d1 = d1.min(d1.reinterpretAsFloats()
                                .fma(FloatVector.broadcast(FLOATS, 2f), FloatVector.broadcast(FLOATS, -0x1p-14f))
                                .reinterpretAsInts())
                        .or(h1.and(0x8000).lanewise(VectorOperators.LSHL, 16));
                IntVector h2 =
                        IntVector.fromMemorySegment(INTS, w, p2 + pair, ORDER).lanewise(VectorOperators.LSHR, half);
                IntVector d2 = h2.and(0x7fff).lanewise(VectorOperators.LSHL, 13).add(Vectors.HALF_REBIAS);
                d2 = d2.min(d2.reinterpretAsFloats()
                                .fma(FloatVector.broadcast(FLOATS, 2f), FloatVector.broadcast(FLOATS, -0x1p-14f))
                                .reinterpretAsInts())
                        .or(h2.and(0x8000).lanewise(VectorOperators.LSHL, 16));
                IntVector h3 =
                        IntVector.fromMemorySegment(INTS, w, p3 + pair, ORDER).lanewise(VectorOperators.LSHR, half);
                IntVector d3 = h3.and(0x7fff).lanewise(VectorOperators.LSHL, 13).add(Vectors.HALF_REBIAS);
                d3 = d3.min(d3.reinterpretAsFloats()
                                .fma(FloatVector.broadcast(FLOATS, 2f), FloatVector.broadcast(FLOATS, -0x1p-14f))
                                .reinterpretAsInts())
                        .or(h3.and(0x8000).lanewise(VectorOperators.LSHL, 16));
                FloatVector f0 = d0.reinterpretAsFloats();
                FloatVector l0 = f0.mul(-(Vectors.Q8_LOW + 128f));
                FloatVector u0 = f0.mul(-(Vectors.Q8_HIGH + 128f));
                FloatVector f1 = d1.reinterpretAsFloats();
                FloatVector l1 = f1.mul(-(Vectors.Q8_LOW + 128f));
                FloatVector u1 = f1.mul(-(Vectors.Q8_HIGH + 128f));
                FloatVector f2 = d2.reinterpretAsFloats();
                FloatVector l2 = f2.mul(-(Vectors.Q8_LOW + 128f));
                FloatVector u2 = f2.mul(-(Vectors.Q8_HIGH + 128f));
                FloatVector f3 = d3.reinterpretAsFloats();
                FloatVector l3 = f3.mul(-(Vectors.Q8_LOW + 128f));
                FloatVector u3 = f3.mul(-(Vectors.Q8_HIGH + 128f));
                for (int j = 0; j < 8; j++) {
                    long p = j * 64L;
                    int k = from + j * 4;
                    IntVector w0 = IntVector.fromMemorySegment(INTS, w, q0 + p, ORDER);
                    IntVector w1 = IntVector.fromMemorySegment(INTS, w, q1 + p, ORDER);
                    IntVector w2 = IntVector.fromMemorySegment(INTS, w, q2 + p, ORDER);
                    IntVector w3 = IntVector.fromMemorySegment(INTS, w, q3 + p, ORDER);
                    FloatVector a;
                    IntVector v0 = w0.lanewise(VectorOperators.LSHL, 4);
                    IntVector v1 = w1.lanewise(VectorOperators.LSHL, 4);
                    IntVector v2 = w2.lanewise(VectorOperators.LSHL, 4);
                    IntVector v3 = w3.lanewise(VectorOperators.LSHL, 4);
                    a = FloatVector.broadcast(FLOATS, x[k]);
                    b0 = a.fma(
                            v0.and(0xff0).or(0x49000000).reinterpretAsFloats().fma(f0, l0), b0);
                    b1 = a.fma(
                            v1.and(0xff0).or(0x49000000).reinterpretAsFloats().fma(f1, l1), b1);
                    b2 = a.fma(
                            v2.and(0xff0).or(0x49000000).reinterpretAsFloats().fma(f2, l2), b2);
                    b3 = a.fma(
                            v3.and(0xff0).or(0x49000000).reinterpretAsFloats().fma(f3, l3), b3);
                    a = FloatVector.broadcast(FLOATS, x[k + 1]);
                    b0 = a.fma(
                            v0.and(0xff000).or(0x45000000).reinterpretAsFloats().fma(f0, u0), b0);
                    b1 = a.fma(
                            v1.and(0xff000).or(0x45000000).reinterpretAsFloats().fma(f1, u1), b1);
                    b2 = a.fma(
                            v2.and(0xff000).or(0x45000000).reinterpretAsFloats().fma(f2, u2), b2);
                    b3 = a.fma(
                            v3.and(0xff000).or(0x45000000).reinterpretAsFloats().fma(f3, u3), b3);
                    v0 = w0.lanewise(VectorOperators.LSHR, 12);
                    v1 = w1.lanewise(VectorOperators.LSHR, 12);
                    v2 = w2.lanewise(VectorOperators.LSHR, 12);
                    v3 = w3.lanewise(VectorOperators.LSHR, 12);
                    a = FloatVector.broadcast(FLOATS, x[k + 2]);
                    b0 = a.fma(
                            v0.and(0xff0).or(0x49000000).reinterpretAsFloats().fma(f0, l0), b0);
                    b1 = a.fma(
                            v1.and(0xff0).or(0x49000000).reinterpretAsFloats().fma(f1, l1), b1);
                    b2 = a.fma(
                            v2.and(0xff0).or(0x49000000).reinterpretAsFloats().fma(f2, l2), b2);
                    b3 = a.fma(
                            v3.and(0xff0).or(0x49000000).reinterpretAsFloats().fma(f3, l3), b3);
                    a = FloatVector.broadcast(FLOATS, x[k + 3]);
                    b0 = a.fma(
                            v0.and(0xff000).or(0x45000000).reinterpretAsFloats().fma(f0, u0), b0);
                    b1 = a.fma(
                            v1.and(0xff000).or(0x45000000).reinterpretAsFloats().fma(f1, u1), b1);
                    b2 = a.fma(
                            v2.and(0xff000).or(0x45000000).reinterpretAsFloats().fma(f2, u2), b2);
                    b3 = a.fma(
                            v3.and(0xff000).or(0x45000000).reinterpretAsFloats().fma(f3, u3), b3);
                }
            }
            s0 = s0.add(b0);
            s1 = s1.add(b1);
            s2 = s2.add(b2);
            s3 = s3.add(b3);
        }
        s0.intoArray(y, yAt);
        s1.intoArray(y, yAt + LANES);
        s2.intoArray(y, yAt + 2 * LANES);
        s3.intoArray(y, yAt + 3 * LANES);
    }

    /** {@code groups} groups of 4-bit codes; the scale is applied to the sum of a group. */
    static void q4(
            MemorySegment w, long p0, long p1, long p2, long p3, float[] x, int xAt, int groups, float[] y, int yAt) {
        FloatVector s0 = FloatVector.zero(FLOATS);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        for (int g = 0; g < groups; g++) {
            long pair = (g >> 1) * 576L;
            long codes = pair + 64 + (g & 1) * 256L;
            int half = 16 * (g & 1);
            long q0 = p0 + codes;
            long q1 = p1 + codes;
            long q2 = p2 + codes;
            long q3 = p3 + codes;
            int from = xAt + g * 32;
            FloatVector g0 = FloatVector.zero(FLOATS);
            FloatVector g1 = g0;
            FloatVector g2 = g0;
            FloatVector g3 = g0;
            for (int j = 0; j < 4; j++) {
                long p = j * 64L;
                int k = from + j * 8;
                IntVector w0 = IntVector.fromMemorySegment(INTS, w, q0 + p, ORDER);
                IntVector w1 = IntVector.fromMemorySegment(INTS, w, q1 + p, ORDER);
                IntVector w2 = IntVector.fromMemorySegment(INTS, w, q2 + p, ORDER);
                IntVector w3 = IntVector.fromMemorySegment(INTS, w, q3 + p, ORDER);
                FloatVector a;
                a = FloatVector.broadcast(FLOATS, x[k]);
                g0 = a.fma(w0.and(0xf).or(0x4b000000).reinterpretAsFloats().sub(8388616f), g0);
                g1 = a.fma(w1.and(0xf).or(0x4b000000).reinterpretAsFloats().sub(8388616f), g1);
                g2 = a.fma(w2.and(0xf).or(0x4b000000).reinterpretAsFloats().sub(8388616f), g2);
                g3 = a.fma(w3.and(0xf).or(0x4b000000).reinterpretAsFloats().sub(8388616f), g3);
                a = FloatVector.broadcast(FLOATS, x[k + 1]);
                g0 = a.fma(w0.and(0xf0).or(0x49000000).reinterpretAsFloats().sub(524296f), g0);
                g1 = a.fma(w1.and(0xf0).or(0x49000000).reinterpretAsFloats().sub(524296f), g1);
                g2 = a.fma(w2.and(0xf0).or(0x49000000).reinterpretAsFloats().sub(524296f), g2);
                g3 = a.fma(w3.and(0xf0).or(0x49000000).reinterpretAsFloats().sub(524296f), g3);
                a = FloatVector.broadcast(FLOATS, x[k + 2]);
                g0 = a.fma(w0.and(0xf00).or(0x47000000).reinterpretAsFloats().sub(32776f), g0);
                g1 = a.fma(w1.and(0xf00).or(0x47000000).reinterpretAsFloats().sub(32776f), g1);
                g2 = a.fma(w2.and(0xf00).or(0x47000000).reinterpretAsFloats().sub(32776f), g2);
                g3 = a.fma(w3.and(0xf00).or(0x47000000).reinterpretAsFloats().sub(32776f), g3);
                a = FloatVector.broadcast(FLOATS, x[k + 3]);
                g0 = a.fma(w0.and(0xf000).or(0x45000000).reinterpretAsFloats().sub(2056f), g0);
                g1 = a.fma(w1.and(0xf000).or(0x45000000).reinterpretAsFloats().sub(2056f), g1);
                g2 = a.fma(w2.and(0xf000).or(0x45000000).reinterpretAsFloats().sub(2056f), g2);
                g3 = a.fma(w3.and(0xf000).or(0x45000000).reinterpretAsFloats().sub(2056f), g3);
                a = FloatVector.broadcast(FLOATS, x[k + 4]);
                g0 = a.fma(w0.and(0xf0000).or(0x43000000).reinterpretAsFloats().sub(136f), g0);
                g1 = a.fma(w1.and(0xf0000).or(0x43000000).reinterpretAsFloats().sub(136f), g1);
                g2 = a.fma(w2.and(0xf0000).or(0x43000000).reinterpretAsFloats().sub(136f), g2);
                g3 = a.fma(w3.and(0xf0000).or(0x43000000).reinterpretAsFloats().sub(136f), g3);
                IntVector v0 = w0.lanewise(VectorOperators.LSHR, 16);
                IntVector v1 = w1.lanewise(VectorOperators.LSHR, 16);
                IntVector v2 = w2.lanewise(VectorOperators.LSHR, 16);
                IntVector v3 = w3.lanewise(VectorOperators.LSHR, 16);
                a = FloatVector.broadcast(FLOATS, x[k + 5]);
                g0 = a.fma(v0.and(0xf0).or(0x49000000).reinterpretAsFloats().sub(524296f), g0);
                g1 = a.fma(v1.and(0xf0).or(0x49000000).reinterpretAsFloats().sub(524296f), g1);
                g2 = a.fma(v2.and(0xf0).or(0x49000000).reinterpretAsFloats().sub(524296f), g2);
                g3 = a.fma(v3.and(0xf0).or(0x49000000).reinterpretAsFloats().sub(524296f), g3);
                a = FloatVector.broadcast(FLOATS, x[k + 6]);
                g0 = a.fma(v0.and(0xf00).or(0x47000000).reinterpretAsFloats().sub(32776f), g0);
                g1 = a.fma(v1.and(0xf00).or(0x47000000).reinterpretAsFloats().sub(32776f), g1);
                g2 = a.fma(v2.and(0xf00).or(0x47000000).reinterpretAsFloats().sub(32776f), g2);
                g3 = a.fma(v3.and(0xf00).or(0x47000000).reinterpretAsFloats().sub(32776f), g3);
                a = FloatVector.broadcast(FLOATS, x[k + 7]);
                g0 = a.fma(v0.and(0xf000).or(0x45000000).reinterpretAsFloats().sub(2056f), g0);
                g1 = a.fma(v1.and(0xf000).or(0x45000000).reinterpretAsFloats().sub(2056f), g1);
                g2 = a.fma(v2.and(0xf000).or(0x45000000).reinterpretAsFloats().sub(2056f), g2);
                g3 = a.fma(v3.and(0xf000).or(0x45000000).reinterpretAsFloats().sub(2056f), g3);
            }
            IntVector h0 =
                    IntVector.fromMemorySegment(INTS, w, p0 + pair, ORDER).lanewise(VectorOperators.LSHR, half);
            IntVector d0 = h0.and(0x7fff).lanewise(VectorOperators.LSHL, 13).add(Vectors.HALF_REBIAS);
            d0 = d0.min(d0.reinterpretAsFloats()
                            .fma(FloatVector.broadcast(FLOATS, 2f), FloatVector.broadcast(FLOATS, -0x1p-14f))
                            .reinterpretAsInts())
                    .or(h0.and(0x8000).lanewise(VectorOperators.LSHL, 16));
            s0 = g0.fma(d0.reinterpretAsFloats(), s0);
            IntVector h1 =
                    IntVector.fromMemorySegment(INTS, w, p1 + pair, ORDER).lanewise(VectorOperators.LSHR, half);
            IntVector d1 = h1.and(0x7fff).lanewise(VectorOperators.LSHL, 13).add(Vectors.HALF_REBIAS);
            d1 = d1.min(d1.reinterpretAsFloats()
                            .fma(FloatVector.broadcast(FLOATS, 2f), FloatVector.broadcast(FLOATS, -0x1p-14f))
                            .reinterpretAsInts())
                    .or(h1.and(0x8000).lanewise(VectorOperators.LSHL, 16));
            s1 = g1.fma(d1.reinterpretAsFloats(), s1);
            IntVector h2 =
                    IntVector.fromMemorySegment(INTS, w, p2 + pair, ORDER).lanewise(VectorOperators.LSHR, half);
            IntVector d2 = h2.and(0x7fff).lanewise(VectorOperators.LSHL, 13).add(Vectors.HALF_REBIAS);
            d2 = d2.min(d2.reinterpretAsFloats()
                            .fma(FloatVector.broadcast(FLOATS, 2f), FloatVector.broadcast(FLOATS, -0x1p-14f))
                            .reinterpretAsInts())
                    .or(h2.and(0x8000).lanewise(VectorOperators.LSHL, 16));
            s2 = g2.fma(d2.reinterpretAsFloats(), s2);
            IntVector h3 =
                    IntVector.fromMemorySegment(INTS, w, p3 + pair, ORDER).lanewise(VectorOperators.LSHR, half);
            IntVector d3 = h3.and(0x7fff).lanewise(VectorOperators.LSHL, 13).add(Vectors.HALF_REBIAS);
            d3 = d3.min(d3.reinterpretAsFloats()
                            .fma(FloatVector.broadcast(FLOATS, 2f), FloatVector.broadcast(FLOATS, -0x1p-14f))
                            .reinterpretAsInts())
                    .or(h3.and(0x8000).lanewise(VectorOperators.LSHL, 16));
            s3 = g3.fma(d3.reinterpretAsFloats(), s3);
        }
        s0.intoArray(y, yAt);
        s1.intoArray(y, yAt + LANES);
        s2.intoArray(y, yAt + 2 * LANES);
        s3.intoArray(y, yAt + 3 * LANES);
    }

    /** As {@link #q4} where a vector has 16 lanes: the low four bits of a lane select its value. */
    static void q4Permuted(
            MemorySegment w, long p0, long p1, long p2, long p3, float[] x, int xAt, int groups, float[] y, int yAt) {
        FloatVector s0 = FloatVector.zero(FLOATS);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        IntVector values = IntVector.fromArray(INTS, Q4_VALUES, 0);
        for (int g = 0; g < groups; g++) {
            long pair = (g >> 1) * 576L;
            long codes = pair + 64 + (g & 1) * 256L;
            int half = 16 * (g & 1);
            long q0 = p0 + codes;
            long q1 = p1 + codes;
            long q2 = p2 + codes;
            long q3 = p3 + codes;
            int from = xAt + g * 32;
            FloatVector g0 = FloatVector.zero(FLOATS);
            FloatVector g1 = g0;
            FloatVector g2 = g0;
            FloatVector g3 = g0;
            for (int j = 0; j < 4; j++) {
                long p = j * 64L;
                int k = from + j * 8;
                IntVector w0 = IntVector.fromMemorySegment(INTS, w, q0 + p, ORDER);
                IntVector w1 = IntVector.fromMemorySegment(INTS, w, q1 + p, ORDER);
                IntVector w2 = IntVector.fromMemorySegment(INTS, w, q2 + p, ORDER);
                IntVector w3 = IntVector.fromMemorySegment(INTS, w, q3 + p, ORDER);
                FloatVector a;
                a = FloatVector.broadcast(FLOATS, x[k]);
                g0 = a.fma(w0.selectFrom(values).reinterpretAsFloats(), g0);
                g1 = a.fma(w1.selectFrom(values).reinterpretAsFloats(), g1);
                g2 = a.fma(w2.selectFrom(values).reinterpretAsFloats(), g2);
                g3 = a.fma(w3.selectFrom(values).reinterpretAsFloats(), g3);
                a = FloatVector.broadcast(FLOATS, x[k + 1]);
                g0 = a.fma(
                        w0.lanewise(VectorOperators.LSHR, 4).selectFrom(values).reinterpretAsFloats(), g0);
                g1 = a.fma(
                        w1.lanewise(VectorOperators.LSHR, 4).selectFrom(values).reinterpretAsFloats(), g1);
                g2 = a.fma(
                        w2.lanewise(VectorOperators.LSHR, 4).selectFrom(values).reinterpretAsFloats(), g2);
                g3 = a.fma(
                        w3.lanewise(VectorOperators.LSHR, 4).selectFrom(values).reinterpretAsFloats(), g3);
                a = FloatVector.broadcast(FLOATS, x[k + 2]);
                g0 = a.fma(
                        w0.lanewise(VectorOperators.LSHR, 8).selectFrom(values).reinterpretAsFloats(), g0);
                g1 = a.fma(
                        w1.lanewise(VectorOperators.LSHR, 8).selectFrom(values).reinterpretAsFloats(), g1);
                g2 = a.fma(
                        w2.lanewise(VectorOperators.LSHR, 8).selectFrom(values).reinterpretAsFloats(), g2);
                g3 = a.fma(
                        w3.lanewise(VectorOperators.LSHR, 8).selectFrom(values).reinterpretAsFloats(), g3);
                a = FloatVector.broadcast(FLOATS, x[k + 3]);
                g0 = a.fma(
                        w0.lanewise(VectorOperators.LSHR, 12).selectFrom(values).reinterpretAsFloats(), g0);
                g1 = a.fma(
                        w1.lanewise(VectorOperators.LSHR, 12).selectFrom(values).reinterpretAsFloats(), g1);
                g2 = a.fma(
                        w2.lanewise(VectorOperators.LSHR, 12).selectFrom(values).reinterpretAsFloats(), g2);
                g3 = a.fma(
                        w3.lanewise(VectorOperators.LSHR, 12).selectFrom(values).reinterpretAsFloats(), g3);
                a = FloatVector.broadcast(FLOATS, x[k + 4]);
                g0 = a.fma(
                        w0.lanewise(VectorOperators.LSHR, 16).selectFrom(values).reinterpretAsFloats(), g0);
                g1 = a.fma(
                        w1.lanewise(VectorOperators.LSHR, 16).selectFrom(values).reinterpretAsFloats(), g1);
                g2 = a.fma(
                        w2.lanewise(VectorOperators.LSHR, 16).selectFrom(values).reinterpretAsFloats(), g2);
                g3 = a.fma(
                        w3.lanewise(VectorOperators.LSHR, 16).selectFrom(values).reinterpretAsFloats(), g3);
                a = FloatVector.broadcast(FLOATS, x[k + 5]);
                g0 = a.fma(
                        w0.lanewise(VectorOperators.LSHR, 20).selectFrom(values).reinterpretAsFloats(), g0);
                g1 = a.fma(
                        w1.lanewise(VectorOperators.LSHR, 20).selectFrom(values).reinterpretAsFloats(), g1);
                g2 = a.fma(
                        w2.lanewise(VectorOperators.LSHR, 20).selectFrom(values).reinterpretAsFloats(), g2);
                g3 = a.fma(
                        w3.lanewise(VectorOperators.LSHR, 20).selectFrom(values).reinterpretAsFloats(), g3);
                a = FloatVector.broadcast(FLOATS, x[k + 6]);
                g0 = a.fma(
                        w0.lanewise(VectorOperators.LSHR, 24).selectFrom(values).reinterpretAsFloats(), g0);
                g1 = a.fma(
                        w1.lanewise(VectorOperators.LSHR, 24).selectFrom(values).reinterpretAsFloats(), g1);
                g2 = a.fma(
                        w2.lanewise(VectorOperators.LSHR, 24).selectFrom(values).reinterpretAsFloats(), g2);
                g3 = a.fma(
                        w3.lanewise(VectorOperators.LSHR, 24).selectFrom(values).reinterpretAsFloats(), g3);
                a = FloatVector.broadcast(FLOATS, x[k + 7]);
                g0 = a.fma(
                        w0.lanewise(VectorOperators.LSHR, 28).selectFrom(values).reinterpretAsFloats(), g0);
                g1 = a.fma(
                        w1.lanewise(VectorOperators.LSHR, 28).selectFrom(values).reinterpretAsFloats(), g1);
                g2 = a.fma(
                        w2.lanewise(VectorOperators.LSHR, 28).selectFrom(values).reinterpretAsFloats(), g2);
                g3 = a.fma(
                        w3.lanewise(VectorOperators.LSHR, 28).selectFrom(values).reinterpretAsFloats(), g3);
            }
            IntVector h0 =
                    IntVector.fromMemorySegment(INTS, w, p0 + pair, ORDER).lanewise(VectorOperators.LSHR, half);
            IntVector d0 = h0.and(0x7fff).lanewise(VectorOperators.LSHL, 13).add(Vectors.HALF_REBIAS);
            d0 = d0.min(d0.reinterpretAsFloats()
                            .fma(FloatVector.broadcast(FLOATS, 2f), FloatVector.broadcast(FLOATS, -0x1p-14f))
                            .reinterpretAsInts())
                    .or(h0.and(0x8000).lanewise(VectorOperators.LSHL, 16));
            s0 = g0.fma(d0.reinterpretAsFloats(), s0);
            IntVector h1 =
                    IntVector.fromMemorySegment(INTS, w, p1 + pair, ORDER).lanewise(VectorOperators.LSHR, half);
            IntVector d1 = h1.and(0x7fff).lanewise(VectorOperators.LSHL, 13).add(Vectors.HALF_REBIAS);
            d1 = d1.min(d1.reinterpretAsFloats()
                            .fma(FloatVector.broadcast(FLOATS, 2f), FloatVector.broadcast(FLOATS, -0x1p-14f))
                            .reinterpretAsInts())
                    .or(h1.and(0x8000).lanewise(VectorOperators.LSHL, 16));
            s1 = g1.fma(d1.reinterpretAsFloats(), s1);
            IntVector h2 =
                    IntVector.fromMemorySegment(INTS, w, p2 + pair, ORDER).lanewise(VectorOperators.LSHR, half);
            IntVector d2 = h2.and(0x7fff).lanewise(VectorOperators.LSHL, 13).add(Vectors.HALF_REBIAS);
            d2 = d2.min(d2.reinterpretAsFloats()
                            .fma(FloatVector.broadcast(FLOATS, 2f), FloatVector.broadcast(FLOATS, -0x1p-14f))
                            .reinterpretAsInts())
                    .or(h2.and(0x8000).lanewise(VectorOperators.LSHL, 16));
            s2 = g2.fma(d2.reinterpretAsFloats(), s2);
            IntVector h3 =
                    IntVector.fromMemorySegment(INTS, w, p3 + pair, ORDER).lanewise(VectorOperators.LSHR, half);
            IntVector d3 = h3.and(0x7fff).lanewise(VectorOperators.LSHL, 13).add(Vectors.HALF_REBIAS);
            d3 = d3.min(d3.reinterpretAsFloats()
                            .fma(FloatVector.broadcast(FLOATS, 2f), FloatVector.broadcast(FLOATS, -0x1p-14f))
                            .reinterpretAsInts())
                    .or(h3.and(0x8000).lanewise(VectorOperators.LSHL, 16));
            s3 = g3.fma(d3.reinterpretAsFloats(), s3);
        }
        s0.intoArray(y, yAt);
        s1.intoArray(y, yAt + LANES);
        s2.intoArray(y, yAt + 2 * LANES);
        s3.intoArray(y, yAt + 3 * LANES);
    }
}
