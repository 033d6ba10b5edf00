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
     * {@code columns} columns of 8-bit codes, whole groups, with scales {@code [groups, 4 vectors]}. A
     * code in the mantissa under the exponent of 2²³ or 2¹⁵ is a float after one subtraction; its product with the scale is exact.
     */
    static void q8(
            MemorySegment w,
            long p0,
            long p1,
            long p2,
            long p3,
            float[] scales,
            float[] x,
            int xAt,
            int columns,
            float[] y,
            int yAt) {
        FloatVector s0 = FloatVector.zero(FLOATS);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        for (int j = 0; j < columns / 4; j++) {
            long p = j * 64L;
            int k = xAt + j * 4;
            int group = j / 8 * CHAINS * LANES;
            FloatVector d0 = FloatVector.fromArray(FLOATS, scales, group);
            FloatVector d1 = FloatVector.fromArray(FLOATS, scales, group + LANES);
            FloatVector d2 = FloatVector.fromArray(FLOATS, scales, group + 2 * LANES);
            FloatVector d3 = FloatVector.fromArray(FLOATS, scales, group + 3 * LANES);
            IntVector w0 = IntVector.fromMemorySegment(INTS, w, p0 + p, ORDER);
            IntVector w1 = IntVector.fromMemorySegment(INTS, w, p1 + p, ORDER);
            IntVector w2 = IntVector.fromMemorySegment(INTS, w, p2 + p, ORDER);
            IntVector w3 = IntVector.fromMemorySegment(INTS, w, p3 + p, ORDER);
            FloatVector a;
            a = FloatVector.broadcast(FLOATS, x[k]);
            s0 = a.fma(
                    w0.and(0xff)
                            .or(0x4b000000)
                            .reinterpretAsFloats()
                            .sub(8388736f)
                            .mul(d0),
                    s0);
            s1 = a.fma(
                    w1.and(0xff)
                            .or(0x4b000000)
                            .reinterpretAsFloats()
                            .sub(8388736f)
                            .mul(d1),
                    s1);
            s2 = a.fma(
                    w2.and(0xff)
                            .or(0x4b000000)
                            .reinterpretAsFloats()
                            .sub(8388736f)
                            .mul(d2),
                    s2);
            s3 = a.fma(
                    w3.and(0xff)
                            .or(0x4b000000)
                            .reinterpretAsFloats()
                            .sub(8388736f)
                            .mul(d3),
                    s3);
            a = FloatVector.broadcast(FLOATS, x[k + 1]);
            s0 = a.fma(
                    w0.and(0xff00)
                            .or(0x47000000)
                            .reinterpretAsFloats()
                            .sub(32896f)
                            .mul(d0),
                    s0);
            s1 = a.fma(
                    w1.and(0xff00)
                            .or(0x47000000)
                            .reinterpretAsFloats()
                            .sub(32896f)
                            .mul(d1),
                    s1);
            s2 = a.fma(
                    w2.and(0xff00)
                            .or(0x47000000)
                            .reinterpretAsFloats()
                            .sub(32896f)
                            .mul(d2),
                    s2);
            s3 = a.fma(
                    w3.and(0xff00)
                            .or(0x47000000)
                            .reinterpretAsFloats()
                            .sub(32896f)
                            .mul(d3),
                    s3);
            IntVector v0 = w0.lanewise(VectorOperators.LSHR, 16);
            IntVector v1 = w1.lanewise(VectorOperators.LSHR, 16);
            IntVector v2 = w2.lanewise(VectorOperators.LSHR, 16);
            IntVector v3 = w3.lanewise(VectorOperators.LSHR, 16);
            a = FloatVector.broadcast(FLOATS, x[k + 2]);
            s0 = a.fma(
                    v0.and(0xff)
                            .or(0x4b000000)
                            .reinterpretAsFloats()
                            .sub(8388736f)
                            .mul(d0),
                    s0);
            s1 = a.fma(
                    v1.and(0xff)
                            .or(0x4b000000)
                            .reinterpretAsFloats()
                            .sub(8388736f)
                            .mul(d1),
                    s1);
            s2 = a.fma(
                    v2.and(0xff)
                            .or(0x4b000000)
                            .reinterpretAsFloats()
                            .sub(8388736f)
                            .mul(d2),
                    s2);
            s3 = a.fma(
                    v3.and(0xff)
                            .or(0x4b000000)
                            .reinterpretAsFloats()
                            .sub(8388736f)
                            .mul(d3),
                    s3);
            a = FloatVector.broadcast(FLOATS, x[k + 3]);
            s0 = a.fma(
                    v0.and(0xff00)
                            .or(0x47000000)
                            .reinterpretAsFloats()
                            .sub(32896f)
                            .mul(d0),
                    s0);
            s1 = a.fma(
                    v1.and(0xff00)
                            .or(0x47000000)
                            .reinterpretAsFloats()
                            .sub(32896f)
                            .mul(d1),
                    s1);
            s2 = a.fma(
                    v2.and(0xff00)
                            .or(0x47000000)
                            .reinterpretAsFloats()
                            .sub(32896f)
                            .mul(d2),
                    s2);
            s3 = a.fma(
                    v3.and(0xff00)
                            .or(0x47000000)
                            .reinterpretAsFloats()
                            .sub(32896f)
                            .mul(d3),
                    s3);
        }
        FloatVector.fromArray(FLOATS, y, yAt).add(s0).intoArray(y, yAt);
        FloatVector.fromArray(FLOATS, y, yAt + LANES).add(s1).intoArray(y, yAt + LANES);
        FloatVector.fromArray(FLOATS, y, yAt + 2 * LANES).add(s2).intoArray(y, yAt + 2 * LANES);
        FloatVector.fromArray(FLOATS, y, yAt + 3 * LANES).add(s3).intoArray(y, yAt + 3 * LANES);
    }

    /** As {@link #q8} with 4-bit codes. */
    static void q4(
            MemorySegment w,
            long p0,
            long p1,
            long p2,
            long p3,
            float[] scales,
            float[] x,
            int xAt,
            int columns,
            float[] y,
            int yAt) {
        FloatVector s0 = FloatVector.zero(FLOATS);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        for (int j = 0; j < columns / 8; j++) {
            long p = j * 64L;
            int k = xAt + j * 8;
            int group = j / 4 * CHAINS * LANES;
            FloatVector d0 = FloatVector.fromArray(FLOATS, scales, group);
            FloatVector d1 = FloatVector.fromArray(FLOATS, scales, group + LANES);
            FloatVector d2 = FloatVector.fromArray(FLOATS, scales, group + 2 * LANES);
            FloatVector d3 = FloatVector.fromArray(FLOATS, scales, group + 3 * LANES);
            IntVector w0 = IntVector.fromMemorySegment(INTS, w, p0 + p, ORDER);
            IntVector w1 = IntVector.fromMemorySegment(INTS, w, p1 + p, ORDER);
            IntVector w2 = IntVector.fromMemorySegment(INTS, w, p2 + p, ORDER);
            IntVector w3 = IntVector.fromMemorySegment(INTS, w, p3 + p, ORDER);
            FloatVector a;
            a = FloatVector.broadcast(FLOATS, x[k]);
            s0 = a.fma(
                    w0.and(0xf)
                            .or(0x4b000000)
                            .reinterpretAsFloats()
                            .sub(8388616f)
                            .mul(d0),
                    s0);
            s1 = a.fma(
                    w1.and(0xf)
                            .or(0x4b000000)
                            .reinterpretAsFloats()
                            .sub(8388616f)
                            .mul(d1),
                    s1);
            s2 = a.fma(
                    w2.and(0xf)
                            .or(0x4b000000)
                            .reinterpretAsFloats()
                            .sub(8388616f)
                            .mul(d2),
                    s2);
            s3 = a.fma(
                    w3.and(0xf)
                            .or(0x4b000000)
                            .reinterpretAsFloats()
                            .sub(8388616f)
                            .mul(d3),
                    s3);
            a = FloatVector.broadcast(FLOATS, x[k + 1]);
            s0 = a.fma(
                    w0.and(0xf0)
                            .or(0x49000000)
                            .reinterpretAsFloats()
                            .sub(524296f)
                            .mul(d0),
                    s0);
            s1 = a.fma(
                    w1.and(0xf0)
                            .or(0x49000000)
                            .reinterpretAsFloats()
                            .sub(524296f)
                            .mul(d1),
                    s1);
            s2 = a.fma(
                    w2.and(0xf0)
                            .or(0x49000000)
                            .reinterpretAsFloats()
                            .sub(524296f)
                            .mul(d2),
                    s2);
            s3 = a.fma(
                    w3.and(0xf0)
                            .or(0x49000000)
                            .reinterpretAsFloats()
                            .sub(524296f)
                            .mul(d3),
                    s3);
            a = FloatVector.broadcast(FLOATS, x[k + 2]);
            s0 = a.fma(
                    w0.and(0xf00)
                            .or(0x47000000)
                            .reinterpretAsFloats()
                            .sub(32776f)
                            .mul(d0),
                    s0);
            s1 = a.fma(
                    w1.and(0xf00)
                            .or(0x47000000)
                            .reinterpretAsFloats()
                            .sub(32776f)
                            .mul(d1),
                    s1);
            s2 = a.fma(
                    w2.and(0xf00)
                            .or(0x47000000)
                            .reinterpretAsFloats()
                            .sub(32776f)
                            .mul(d2),
                    s2);
            s3 = a.fma(
                    w3.and(0xf00)
                            .or(0x47000000)
                            .reinterpretAsFloats()
                            .sub(32776f)
                            .mul(d3),
                    s3);
            a = FloatVector.broadcast(FLOATS, x[k + 3]);
            s0 = a.fma(
                    w0.and(0xf000)
                            .or(0x45000000)
                            .reinterpretAsFloats()
                            .sub(2056f)
                            .mul(d0),
                    s0);
            s1 = a.fma(
                    w1.and(0xf000)
                            .or(0x45000000)
                            .reinterpretAsFloats()
                            .sub(2056f)
                            .mul(d1),
                    s1);
            s2 = a.fma(
                    w2.and(0xf000)
                            .or(0x45000000)
                            .reinterpretAsFloats()
                            .sub(2056f)
                            .mul(d2),
                    s2);
            s3 = a.fma(
                    w3.and(0xf000)
                            .or(0x45000000)
                            .reinterpretAsFloats()
                            .sub(2056f)
                            .mul(d3),
                    s3);
            a = FloatVector.broadcast(FLOATS, x[k + 4]);
            s0 = a.fma(
                    w0.and(0xf0000)
                            .or(0x43000000)
                            .reinterpretAsFloats()
                            .sub(136f)
                            .mul(d0),
                    s0);
            s1 = a.fma(
                    w1.and(0xf0000)
                            .or(0x43000000)
                            .reinterpretAsFloats()
                            .sub(136f)
                            .mul(d1),
                    s1);
            s2 = a.fma(
                    w2.and(0xf0000)
                            .or(0x43000000)
                            .reinterpretAsFloats()
                            .sub(136f)
                            .mul(d2),
                    s2);
            s3 = a.fma(
                    w3.and(0xf0000)
                            .or(0x43000000)
                            .reinterpretAsFloats()
                            .sub(136f)
                            .mul(d3),
                    s3);
            IntVector v0 = w0.lanewise(VectorOperators.LSHR, 16);
            IntVector v1 = w1.lanewise(VectorOperators.LSHR, 16);
            IntVector v2 = w2.lanewise(VectorOperators.LSHR, 16);
            IntVector v3 = w3.lanewise(VectorOperators.LSHR, 16);
            a = FloatVector.broadcast(FLOATS, x[k + 5]);
            s0 = a.fma(
                    v0.and(0xf0)
                            .or(0x49000000)
                            .reinterpretAsFloats()
                            .sub(524296f)
                            .mul(d0),
                    s0);
            s1 = a.fma(
                    v1.and(0xf0)
                            .or(0x49000000)
                            .reinterpretAsFloats()
                            .sub(524296f)
                            .mul(d1),
                    s1);
            s2 = a.fma(
                    v2.and(0xf0)
                            .or(0x49000000)
                            .reinterpretAsFloats()
                            .sub(524296f)
                            .mul(d2),
                    s2);
            s3 = a.fma(
                    v3.and(0xf0)
                            .or(0x49000000)
                            .reinterpretAsFloats()
                            .sub(524296f)
                            .mul(d3),
                    s3);
            a = FloatVector.broadcast(FLOATS, x[k + 6]);
            s0 = a.fma(
                    v0.and(0xf00)
                            .or(0x47000000)
                            .reinterpretAsFloats()
                            .sub(32776f)
                            .mul(d0),
                    s0);
            s1 = a.fma(
                    v1.and(0xf00)
                            .or(0x47000000)
                            .reinterpretAsFloats()
                            .sub(32776f)
                            .mul(d1),
                    s1);
            s2 = a.fma(
                    v2.and(0xf00)
                            .or(0x47000000)
                            .reinterpretAsFloats()
                            .sub(32776f)
                            .mul(d2),
                    s2);
            s3 = a.fma(
                    v3.and(0xf00)
                            .or(0x47000000)
                            .reinterpretAsFloats()
                            .sub(32776f)
                            .mul(d3),
                    s3);
            a = FloatVector.broadcast(FLOATS, x[k + 7]);
            s0 = a.fma(
                    v0.and(0xf000)
                            .or(0x45000000)
                            .reinterpretAsFloats()
                            .sub(2056f)
                            .mul(d0),
                    s0);
            s1 = a.fma(
                    v1.and(0xf000)
                            .or(0x45000000)
                            .reinterpretAsFloats()
                            .sub(2056f)
                            .mul(d1),
                    s1);
            s2 = a.fma(
                    v2.and(0xf000)
                            .or(0x45000000)
                            .reinterpretAsFloats()
                            .sub(2056f)
                            .mul(d2),
                    s2);
            s3 = a.fma(
                    v3.and(0xf000)
                            .or(0x45000000)
                            .reinterpretAsFloats()
                            .sub(2056f)
                            .mul(d3),
                    s3);
        }
        FloatVector.fromArray(FLOATS, y, yAt).add(s0).intoArray(y, yAt);
        FloatVector.fromArray(FLOATS, y, yAt + LANES).add(s1).intoArray(y, yAt + LANES);
        FloatVector.fromArray(FLOATS, y, yAt + 2 * LANES).add(s2).intoArray(y, yAt + 2 * LANES);
        FloatVector.fromArray(FLOATS, y, yAt + 3 * LANES).add(s3).intoArray(y, yAt + 3 * LANES);
    }

    /** As {@link #q4} where a vector has 16 lanes: the low four bits of a lane select its value. */
    static void q4Permuted(
            MemorySegment w,
            long p0,
            long p1,
            long p2,
            long p3,
            float[] scales,
            float[] x,
            int xAt,
            int columns,
            float[] y,
            int yAt) {
        FloatVector s0 = FloatVector.zero(FLOATS);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        IntVector values = IntVector.fromArray(INTS, Q4_VALUES, 0);
        for (int j = 0; j < columns / 8; j++) {
            long p = j * 64L;
            int k = xAt + j * 8;
            int group = j / 4 * CHAINS * LANES;
            FloatVector d0 = FloatVector.fromArray(FLOATS, scales, group);
            FloatVector d1 = FloatVector.fromArray(FLOATS, scales, group + LANES);
            FloatVector d2 = FloatVector.fromArray(FLOATS, scales, group + 2 * LANES);
            FloatVector d3 = FloatVector.fromArray(FLOATS, scales, group + 3 * LANES);
            IntVector w0 = IntVector.fromMemorySegment(INTS, w, p0 + p, ORDER);
            IntVector w1 = IntVector.fromMemorySegment(INTS, w, p1 + p, ORDER);
            IntVector w2 = IntVector.fromMemorySegment(INTS, w, p2 + p, ORDER);
            IntVector w3 = IntVector.fromMemorySegment(INTS, w, p3 + p, ORDER);
            FloatVector a;
            a = FloatVector.broadcast(FLOATS, x[k]);
            s0 = a.fma(w0.selectFrom(values).reinterpretAsFloats().mul(d0), s0);
            s1 = a.fma(w1.selectFrom(values).reinterpretAsFloats().mul(d1), s1);
            s2 = a.fma(w2.selectFrom(values).reinterpretAsFloats().mul(d2), s2);
            s3 = a.fma(w3.selectFrom(values).reinterpretAsFloats().mul(d3), s3);
            a = FloatVector.broadcast(FLOATS, x[k + 1]);
            s0 = a.fma(
                    w0.lanewise(VectorOperators.LSHR, 4)
                            .selectFrom(values)
                            .reinterpretAsFloats()
                            .mul(d0),
                    s0);
            s1 = a.fma(
                    w1.lanewise(VectorOperators.LSHR, 4)
                            .selectFrom(values)
                            .reinterpretAsFloats()
                            .mul(d1),
                    s1);
            s2 = a.fma(
                    w2.lanewise(VectorOperators.LSHR, 4)
                            .selectFrom(values)
                            .reinterpretAsFloats()
                            .mul(d2),
                    s2);
            s3 = a.fma(
                    w3.lanewise(VectorOperators.LSHR, 4)
                            .selectFrom(values)
                            .reinterpretAsFloats()
                            .mul(d3),
                    s3);
            a = FloatVector.broadcast(FLOATS, x[k + 2]);
            s0 = a.fma(
                    w0.lanewise(VectorOperators.LSHR, 8)
                            .selectFrom(values)
                            .reinterpretAsFloats()
                            .mul(d0),
                    s0);
            s1 = a.fma(
                    w1.lanewise(VectorOperators.LSHR, 8)
                            .selectFrom(values)
                            .reinterpretAsFloats()
                            .mul(d1),
                    s1);
            s2 = a.fma(
                    w2.lanewise(VectorOperators.LSHR, 8)
                            .selectFrom(values)
                            .reinterpretAsFloats()
                            .mul(d2),
                    s2);
            s3 = a.fma(
                    w3.lanewise(VectorOperators.LSHR, 8)
                            .selectFrom(values)
                            .reinterpretAsFloats()
                            .mul(d3),
                    s3);
            a = FloatVector.broadcast(FLOATS, x[k + 3]);
            s0 = a.fma(
                    w0.lanewise(VectorOperators.LSHR, 12)
                            .selectFrom(values)
                            .reinterpretAsFloats()
                            .mul(d0),
                    s0);
            s1 = a.fma(
                    w1.lanewise(VectorOperators.LSHR, 12)
                            .selectFrom(values)
                            .reinterpretAsFloats()
                            .mul(d1),
                    s1);
            s2 = a.fma(
                    w2.lanewise(VectorOperators.LSHR, 12)
                            .selectFrom(values)
                            .reinterpretAsFloats()
                            .mul(d2),
                    s2);
            s3 = a.fma(
                    w3.lanewise(VectorOperators.LSHR, 12)
                            .selectFrom(values)
                            .reinterpretAsFloats()
                            .mul(d3),
                    s3);
            a = FloatVector.broadcast(FLOATS, x[k + 4]);
            s0 = a.fma(
                    w0.lanewise(VectorOperators.LSHR, 16)
                            .selectFrom(values)
                            .reinterpretAsFloats()
                            .mul(d0),
                    s0);
            s1 = a.fma(
                    w1.lanewise(VectorOperators.LSHR, 16)
                            .selectFrom(values)
                            .reinterpretAsFloats()
                            .mul(d1),
                    s1);
            s2 = a.fma(
                    w2.lanewise(VectorOperators.LSHR, 16)
                            .selectFrom(values)
                            .reinterpretAsFloats()
                            .mul(d2),
                    s2);
            s3 = a.fma(
                    w3.lanewise(VectorOperators.LSHR, 16)
                            .selectFrom(values)
                            .reinterpretAsFloats()
                            .mul(d3),
                    s3);
            a = FloatVector.broadcast(FLOATS, x[k + 5]);
            s0 = a.fma(
                    w0.lanewise(VectorOperators.LSHR, 20)
                            .selectFrom(values)
                            .reinterpretAsFloats()
                            .mul(d0),
                    s0);
            s1 = a.fma(
                    w1.lanewise(VectorOperators.LSHR, 20)
                            .selectFrom(values)
                            .reinterpretAsFloats()
                            .mul(d1),
                    s1);
            s2 = a.fma(
                    w2.lanewise(VectorOperators.LSHR, 20)
                            .selectFrom(values)
                            .reinterpretAsFloats()
                            .mul(d2),
                    s2);
            s3 = a.fma(
                    w3.lanewise(VectorOperators.LSHR, 20)
                            .selectFrom(values)
                            .reinterpretAsFloats()
                            .mul(d3),
                    s3);
            a = FloatVector.broadcast(FLOATS, x[k + 6]);
            s0 = a.fma(
                    w0.lanewise(VectorOperators.LSHR, 24)
                            .selectFrom(values)
                            .reinterpretAsFloats()
                            .mul(d0),
                    s0);
            s1 = a.fma(
                    w1.lanewise(VectorOperators.LSHR, 24)
                            .selectFrom(values)
                            .reinterpretAsFloats()
                            .mul(d1),
                    s1);
            s2 = a.fma(
                    w2.lanewise(VectorOperators.LSHR, 24)
                            .selectFrom(values)
                            .reinterpretAsFloats()
                            .mul(d2),
                    s2);
            s3 = a.fma(
                    w3.lanewise(VectorOperators.LSHR, 24)
                            .selectFrom(values)
                            .reinterpretAsFloats()
                            .mul(d3),
                    s3);
            a = FloatVector.broadcast(FLOATS, x[k + 7]);
            s0 = a.fma(
                    w0.lanewise(VectorOperators.LSHR, 28)
                            .selectFrom(values)
                            .reinterpretAsFloats()
                            .mul(d0),
                    s0);
            s1 = a.fma(
                    w1.lanewise(VectorOperators.LSHR, 28)
                            .selectFrom(values)
                            .reinterpretAsFloats()
                            .mul(d1),
                    s1);
            s2 = a.fma(
                    w2.lanewise(VectorOperators.LSHR, 28)
                            .selectFrom(values)
                            .reinterpretAsFloats()
                            .mul(d2),
                    s2);
            s3 = a.fma(
                    w3.lanewise(VectorOperators.LSHR, 28)
                            .selectFrom(values)
                            .reinterpretAsFloats()
                            .mul(d3),
                    s3);
        }
        FloatVector.fromArray(FLOATS, y, yAt).add(s0).intoArray(y, yAt);
        FloatVector.fromArray(FLOATS, y, yAt + LANES).add(s1).intoArray(y, yAt + LANES);
        FloatVector.fromArray(FLOATS, y, yAt + 2 * LANES).add(s2).intoArray(y, yAt + 2 * LANES);
        FloatVector.fromArray(FLOATS, y, yAt + 3 * LANES).add(s3).intoArray(y, yAt + 3 * LANES);
    }
}
