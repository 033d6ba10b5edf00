package io.karipap.kernels;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * One row of activations times four vectors of output features, for each type of weight: four independent streams from memory and four
 * chains of fused multiply-adds. Straight-line code: see the trap of C2's node budget. Activations come as the bits of floats, because
 * C2 broadcasts an int straight from memory, a float by way of a register and an execution port that the multiply-adds need.
 *
 * <p>All methods: four vectors of output features whose weights lie at {@code p0…p3}; the results are added to {@code y}, one vector
 * after the other.
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
            MemorySegment w, long p0, long p1, long p2, long p3, int[] x, int xAt, int columns, float[] y, int yAt) {
        FloatVector s0 = FloatVector.zero(FLOATS);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        for (int k = 0; k < columns; k++) {
            long p = k * 64L;
            FloatVector a = IntVector.broadcast(INTS, x[xAt + k]).reinterpretAsFloats();
            s0 = a.fma(FloatVector.fromMemorySegment(FLOATS, w, p0 + p, ORDER), s0);
            s1 = a.fma(FloatVector.fromMemorySegment(FLOATS, w, p1 + p, ORDER), s1);
            s2 = a.fma(FloatVector.fromMemorySegment(FLOATS, w, p2 + p, ORDER), s2);
            s3 = a.fma(FloatVector.fromMemorySegment(FLOATS, w, p3 + p, ORDER), s3);
        }
        FloatVector.fromArray(FLOATS, y, yAt).add(s0).intoArray(y, yAt);
        FloatVector.fromArray(FLOATS, y, yAt + LANES).add(s1).intoArray(y, yAt + LANES);
        FloatVector.fromArray(FLOATS, y, yAt + 2 * LANES).add(s2).intoArray(y, yAt + 2 * LANES);
        FloatVector.fromArray(FLOATS, y, yAt + 3 * LANES).add(s3).intoArray(y, yAt + 3 * LANES);
    }

    /** {@code columns} columns, padded to even; a lane holds an even column in its low and the next column in its high half. */
    static void bf16(
            MemorySegment w, long p0, long p1, long p2, long p3, int[] x, int xAt, int columns, float[] y, int yAt) {
        FloatVector s0 = FloatVector.zero(FLOATS);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        for (int k = 0; k < columns; k += 2) {
            long p = k * 32L;
            IntVector w0 = IntVector.fromMemorySegment(INTS, w, p0 + p, ORDER);
            IntVector w1 = IntVector.fromMemorySegment(INTS, w, p1 + p, ORDER);
            IntVector w2 = IntVector.fromMemorySegment(INTS, w, p2 + p, ORDER);
            IntVector w3 = IntVector.fromMemorySegment(INTS, w, p3 + p, ORDER);
            FloatVector a = IntVector.broadcast(INTS, x[xAt + k]).reinterpretAsFloats();
            s0 = a.fma(w0.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), s0);
            s1 = a.fma(w1.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), s1);
            s2 = a.fma(w2.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), s2);
            s3 = a.fma(w3.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), s3);
            FloatVector b = IntVector.broadcast(INTS, x[xAt + k + 1]).reinterpretAsFloats();
            s0 = b.fma(w0.and(0xffff0000).reinterpretAsFloats(), s0);
            s1 = b.fma(w1.and(0xffff0000).reinterpretAsFloats(), s1);
            s2 = b.fma(w2.and(0xffff0000).reinterpretAsFloats(), s2);
            s3 = b.fma(w3.and(0xffff0000).reinterpretAsFloats(), s3);
        }
        FloatVector.fromArray(FLOATS, y, yAt).add(s0).intoArray(y, yAt);
        FloatVector.fromArray(FLOATS, y, yAt + LANES).add(s1).intoArray(y, yAt + LANES);
        FloatVector.fromArray(FLOATS, y, yAt + 2 * LANES).add(s2).intoArray(y, yAt + 2 * LANES);
        FloatVector.fromArray(FLOATS, y, yAt + 3 * LANES).add(s3).intoArray(y, yAt + 3 * LANES);
    }

    /**
     * As {@link #bf16} with halves of binary16. The magnitude, shifted and rebiased as an integer, is right unless the half is
     * subnormal; then twice it less 2⁻¹⁴ is, which is the smaller of the two just there. No denormal float is ever touched.
     */
    static void f16(
            MemorySegment w, long p0, long p1, long p2, long p3, int[] x, int xAt, int columns, float[] y, int yAt) {
        FloatVector s0 = FloatVector.zero(FLOATS);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        for (int k = 0; k < columns; k += 2) {
            long p = k * 32L;
            FloatVector a = IntVector.broadcast(INTS, x[xAt + k]).reinterpretAsFloats();
            FloatVector b = IntVector.broadcast(INTS, x[xAt + k + 1]).reinterpretAsFloats();
            IntVector w0 = IntVector.fromMemorySegment(INTS, w, p0 + p, ORDER);
            IntVector e0 = w0.and(0x7fff).lanewise(VectorOperators.LSHL, 13).add(Vectors.HALF_REBIAS);
            e0 = e0.min(e0.reinterpretAsFloats()
                            .fma(FloatVector.broadcast(FLOATS, 2f), FloatVector.broadcast(FLOATS, -0x1p-14f))
                            .reinterpretAsInts())
                    .or(w0.and(0x8000).lanewise(VectorOperators.LSHL, 16));
            s0 = a.fma(e0.reinterpretAsFloats(), s0);
            IntVector o0 = w0.lanewise(VectorOperators.LSHR, 3).and(0x0fffe000).add(Vectors.HALF_REBIAS);
            o0 = o0.min(o0.reinterpretAsFloats()
                            .fma(FloatVector.broadcast(FLOATS, 2f), FloatVector.broadcast(FLOATS, -0x1p-14f))
                            .reinterpretAsInts())
                    .or(w0.and(0x80000000));
            s0 = b.fma(o0.reinterpretAsFloats(), s0);
            IntVector w1 = IntVector.fromMemorySegment(INTS, w, p1 + p, ORDER);
            IntVector e1 = w1.and(0x7fff).lanewise(VectorOperators.LSHL, 13).add(Vectors.HALF_REBIAS);
            e1 = e1.min(e1.reinterpretAsFloats()
                            .fma(FloatVector.broadcast(FLOATS, 2f), FloatVector.broadcast(FLOATS, -0x1p-14f))
                            .reinterpretAsInts())
                    .or(w1.and(0x8000).lanewise(VectorOperators.LSHL, 16));
            s1 = a.fma(e1.reinterpretAsFloats(), s1);
            IntVector o1 = w1.lanewise(VectorOperators.LSHR, 3).and(0x0fffe000).add(Vectors.HALF_REBIAS);
            o1 = o1.min(o1.reinterpretAsFloats()
                            .fma(FloatVector.broadcast(FLOATS, 2f), FloatVector.broadcast(FLOATS, -0x1p-14f))
                            .reinterpretAsInts())
                    .or(w1.and(0x80000000));
            s1 = b.fma(o1.reinterpretAsFloats(), s1);
            IntVector w2 = IntVector.fromMemorySegment(INTS, w, p2 + p, ORDER);
            IntVector e2 = w2.and(0x7fff).lanewise(VectorOperators.LSHL, 13).add(Vectors.HALF_REBIAS);
            e2 = e2.min(e2.reinterpretAsFloats()
                            .fma(FloatVector.broadcast(FLOATS, 2f), FloatVector.broadcast(FLOATS, -0x1p-14f))
                            .reinterpretAsInts())
                    .or(w2.and(0x8000).lanewise(VectorOperators.LSHL, 16));
            s2 = a.fma(e2.reinterpretAsFloats(), s2);
            IntVector o2 = w2.lanewise(VectorOperators.LSHR, 3).and(0x0fffe000).add(Vectors.HALF_REBIAS);
            o2 = o2.min(o2.reinterpretAsFloats()
                            .fma(FloatVector.broadcast(FLOATS, 2f), FloatVector.broadcast(FLOATS, -0x1p-14f))
                            .reinterpretAsInts())
                    .or(w2.and(0x80000000));
            s2 = b.fma(o2.reinterpretAsFloats(), s2);
            IntVector w3 = IntVector.fromMemorySegment(INTS, w, p3 + p, ORDER);
            IntVector e3 = w3.and(0x7fff).lanewise(VectorOperators.LSHL, 13).add(Vectors.HALF_REBIAS);
            e3 = e3.min(e3.reinterpretAsFloats()
                            .fma(FloatVector.broadcast(FLOATS, 2f), FloatVector.broadcast(FLOATS, -0x1p-14f))
                            .reinterpretAsInts())
                    .or(w3.and(0x8000).lanewise(VectorOperators.LSHL, 16));
            s3 = a.fma(e3.reinterpretAsFloats(), s3);
            IntVector o3 = w3.lanewise(VectorOperators.LSHR, 3).and(0x0fffe000).add(Vectors.HALF_REBIAS);
            o3 = o3.min(o3.reinterpretAsFloats()
                            .fma(FloatVector.broadcast(FLOATS, 2f), FloatVector.broadcast(FLOATS, -0x1p-14f))
                            .reinterpretAsInts())
                    .or(w3.and(0x80000000));
            s3 = b.fma(o3.reinterpretAsFloats(), s3);
        }
        FloatVector.fromArray(FLOATS, y, yAt).add(s0).intoArray(y, yAt);
        FloatVector.fromArray(FLOATS, y, yAt + LANES).add(s1).intoArray(y, yAt + LANES);
        FloatVector.fromArray(FLOATS, y, yAt + 2 * LANES).add(s2).intoArray(y, yAt + 2 * LANES);
        FloatVector.fromArray(FLOATS, y, yAt + 3 * LANES).add(s3).intoArray(y, yAt + 3 * LANES);
    }

    /** {@code groups} groups of 8-bit codes. A code in the mantissa under the exponent of 2²³ or 2¹⁵ is a float after one subtraction. */
    static void q8(
            MemorySegment w, long p0, long p1, long p2, long p3, int[] x, int xAt, int groups, float[] y, int yAt) {
        FloatVector s0 = FloatVector.zero(FLOATS);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        for (int g = 0; g < groups; g++) {
            long pair = (g >> 1) * 1088L;
            long codes = pair + 64 + (g & 1) * 512L;
            FloatVector g0 = FloatVector.zero(FLOATS);
            FloatVector g1 = g0;
            FloatVector g2 = g0;
            FloatVector g3 = g0;
            for (int j = 0; j < 8; j++) {
                long p = codes + j * 64L;
                int k = xAt + g * 32 + j * 4;
                IntVector w0 = IntVector.fromMemorySegment(INTS, w, p0 + p, ORDER);
                IntVector w1 = IntVector.fromMemorySegment(INTS, w, p1 + p, ORDER);
                IntVector w2 = IntVector.fromMemorySegment(INTS, w, p2 + p, ORDER);
                IntVector w3 = IntVector.fromMemorySegment(INTS, w, p3 + p, ORDER);
                FloatVector a;
                a = IntVector.broadcast(INTS, x[k]).reinterpretAsFloats();
                g0 = a.fma(w0.and(0xff).or(0x4b000000).reinterpretAsFloats().sub(8388736f), g0);
                g1 = a.fma(w1.and(0xff).or(0x4b000000).reinterpretAsFloats().sub(8388736f), g1);
                g2 = a.fma(w2.and(0xff).or(0x4b000000).reinterpretAsFloats().sub(8388736f), g2);
                g3 = a.fma(w3.and(0xff).or(0x4b000000).reinterpretAsFloats().sub(8388736f), g3);
                a = IntVector.broadcast(INTS, x[k + 1]).reinterpretAsFloats();
                g0 = a.fma(w0.and(0xff00).or(0x47000000).reinterpretAsFloats().sub(32896f), g0);
                g1 = a.fma(w1.and(0xff00).or(0x47000000).reinterpretAsFloats().sub(32896f), g1);
                g2 = a.fma(w2.and(0xff00).or(0x47000000).reinterpretAsFloats().sub(32896f), g2);
                g3 = a.fma(w3.and(0xff00).or(0x47000000).reinterpretAsFloats().sub(32896f), g3);
                IntVector v0 = w0.lanewise(VectorOperators.LSHR, 16);
                IntVector v1 = w1.lanewise(VectorOperators.LSHR, 16);
                IntVector v2 = w2.lanewise(VectorOperators.LSHR, 16);
                IntVector v3 = w3.lanewise(VectorOperators.LSHR, 16);
                a = IntVector.broadcast(INTS, x[k + 2]).reinterpretAsFloats();
                g0 = a.fma(v0.and(0xff).or(0x4b000000).reinterpretAsFloats().sub(8388736f), g0);
                g1 = a.fma(v1.and(0xff).or(0x4b000000).reinterpretAsFloats().sub(8388736f), g1);
                g2 = a.fma(v2.and(0xff).or(0x4b000000).reinterpretAsFloats().sub(8388736f), g2);
                g3 = a.fma(v3.and(0xff).or(0x4b000000).reinterpretAsFloats().sub(8388736f), g3);
                a = IntVector.broadcast(INTS, x[k + 3]).reinterpretAsFloats();
                g0 = a.fma(v0.and(0xff00).or(0x47000000).reinterpretAsFloats().sub(32896f), g0);
                g1 = a.fma(v1.and(0xff00).or(0x47000000).reinterpretAsFloats().sub(32896f), g1);
                g2 = a.fma(v2.and(0xff00).or(0x47000000).reinterpretAsFloats().sub(32896f), g2);
                g3 = a.fma(v3.and(0xff00).or(0x47000000).reinterpretAsFloats().sub(32896f), g3);
            }
            int half = 16 * (g & 1);
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
        FloatVector.fromArray(FLOATS, y, yAt).add(s0).intoArray(y, yAt);
        FloatVector.fromArray(FLOATS, y, yAt + LANES).add(s1).intoArray(y, yAt + LANES);
        FloatVector.fromArray(FLOATS, y, yAt + 2 * LANES).add(s2).intoArray(y, yAt + 2 * LANES);
        FloatVector.fromArray(FLOATS, y, yAt + 3 * LANES).add(s3).intoArray(y, yAt + 3 * LANES);
    }

    /** {@code groups} groups of 4-bit codes, as {@link #q8}. */
    static void q4(
            MemorySegment w, long p0, long p1, long p2, long p3, int[] x, int xAt, int groups, float[] y, int yAt) {
        FloatVector s0 = FloatVector.zero(FLOATS);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        for (int g = 0; g < groups; g++) {
            long pair = (g >> 1) * 576L;
            long codes = pair + 64 + (g & 1) * 256L;
            FloatVector g0 = FloatVector.zero(FLOATS);
            FloatVector g1 = g0;
            FloatVector g2 = g0;
            FloatVector g3 = g0;
            for (int j = 0; j < 4; j++) {
                long p = codes + j * 64L;
                int k = xAt + g * 32 + j * 8;
                IntVector w0 = IntVector.fromMemorySegment(INTS, w, p0 + p, ORDER);
                IntVector w1 = IntVector.fromMemorySegment(INTS, w, p1 + p, ORDER);
                IntVector w2 = IntVector.fromMemorySegment(INTS, w, p2 + p, ORDER);
                IntVector w3 = IntVector.fromMemorySegment(INTS, w, p3 + p, ORDER);
                FloatVector a;
                a = IntVector.broadcast(INTS, x[k]).reinterpretAsFloats();
                g0 = a.fma(w0.and(0xf).or(0x4b000000).reinterpretAsFloats().sub(8388616f), g0);
                g1 = a.fma(w1.and(0xf).or(0x4b000000).reinterpretAsFloats().sub(8388616f), g1);
                g2 = a.fma(w2.and(0xf).or(0x4b000000).reinterpretAsFloats().sub(8388616f), g2);
                g3 = a.fma(w3.and(0xf).or(0x4b000000).reinterpretAsFloats().sub(8388616f), g3);
                a = IntVector.broadcast(INTS, x[k + 1]).reinterpretAsFloats();
                g0 = a.fma(w0.and(0xf0).or(0x49000000).reinterpretAsFloats().sub(524296f), g0);
                g1 = a.fma(w1.and(0xf0).or(0x49000000).reinterpretAsFloats().sub(524296f), g1);
                g2 = a.fma(w2.and(0xf0).or(0x49000000).reinterpretAsFloats().sub(524296f), g2);
                g3 = a.fma(w3.and(0xf0).or(0x49000000).reinterpretAsFloats().sub(524296f), g3);
                a = IntVector.broadcast(INTS, x[k + 2]).reinterpretAsFloats();
                g0 = a.fma(w0.and(0xf00).or(0x47000000).reinterpretAsFloats().sub(32776f), g0);
                g1 = a.fma(w1.and(0xf00).or(0x47000000).reinterpretAsFloats().sub(32776f), g1);
                g2 = a.fma(w2.and(0xf00).or(0x47000000).reinterpretAsFloats().sub(32776f), g2);
                g3 = a.fma(w3.and(0xf00).or(0x47000000).reinterpretAsFloats().sub(32776f), g3);
                a = IntVector.broadcast(INTS, x[k + 3]).reinterpretAsFloats();
                g0 = a.fma(w0.and(0xf000).or(0x45000000).reinterpretAsFloats().sub(2056f), g0);
                g1 = a.fma(w1.and(0xf000).or(0x45000000).reinterpretAsFloats().sub(2056f), g1);
                g2 = a.fma(w2.and(0xf000).or(0x45000000).reinterpretAsFloats().sub(2056f), g2);
                g3 = a.fma(w3.and(0xf000).or(0x45000000).reinterpretAsFloats().sub(2056f), g3);
                a = IntVector.broadcast(INTS, x[k + 4]).reinterpretAsFloats();
                g0 = a.fma(w0.and(0xf0000).or(0x43000000).reinterpretAsFloats().sub(136f), g0);
                g1 = a.fma(w1.and(0xf0000).or(0x43000000).reinterpretAsFloats().sub(136f), g1);
                g2 = a.fma(w2.and(0xf0000).or(0x43000000).reinterpretAsFloats().sub(136f), g2);
                g3 = a.fma(w3.and(0xf0000).or(0x43000000).reinterpretAsFloats().sub(136f), g3);
                IntVector v0 = w0.lanewise(VectorOperators.LSHR, 16);
                IntVector v1 = w1.lanewise(VectorOperators.LSHR, 16);
                IntVector v2 = w2.lanewise(VectorOperators.LSHR, 16);
                IntVector v3 = w3.lanewise(VectorOperators.LSHR, 16);
                a = IntVector.broadcast(INTS, x[k + 5]).reinterpretAsFloats();
                g0 = a.fma(v0.and(0xf0).or(0x49000000).reinterpretAsFloats().sub(524296f), g0);
                g1 = a.fma(v1.and(0xf0).or(0x49000000).reinterpretAsFloats().sub(524296f), g1);
                g2 = a.fma(v2.and(0xf0).or(0x49000000).reinterpretAsFloats().sub(524296f), g2);
                g3 = a.fma(v3.and(0xf0).or(0x49000000).reinterpretAsFloats().sub(524296f), g3);
                a = IntVector.broadcast(INTS, x[k + 6]).reinterpretAsFloats();
                g0 = a.fma(v0.and(0xf00).or(0x47000000).reinterpretAsFloats().sub(32776f), g0);
                g1 = a.fma(v1.and(0xf00).or(0x47000000).reinterpretAsFloats().sub(32776f), g1);
                g2 = a.fma(v2.and(0xf00).or(0x47000000).reinterpretAsFloats().sub(32776f), g2);
                g3 = a.fma(v3.and(0xf00).or(0x47000000).reinterpretAsFloats().sub(32776f), g3);
                a = IntVector.broadcast(INTS, x[k + 7]).reinterpretAsFloats();
                g0 = a.fma(v0.and(0xf000).or(0x45000000).reinterpretAsFloats().sub(2056f), g0);
                g1 = a.fma(v1.and(0xf000).or(0x45000000).reinterpretAsFloats().sub(2056f), g1);
                g2 = a.fma(v2.and(0xf000).or(0x45000000).reinterpretAsFloats().sub(2056f), g2);
                g3 = a.fma(v3.and(0xf000).or(0x45000000).reinterpretAsFloats().sub(2056f), g3);
            }
            int half = 16 * (g & 1);
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
        FloatVector.fromArray(FLOATS, y, yAt).add(s0).intoArray(y, yAt);
        FloatVector.fromArray(FLOATS, y, yAt + LANES).add(s1).intoArray(y, yAt + LANES);
        FloatVector.fromArray(FLOATS, y, yAt + 2 * LANES).add(s2).intoArray(y, yAt + 2 * LANES);
        FloatVector.fromArray(FLOATS, y, yAt + 3 * LANES).add(s3).intoArray(y, yAt + 3 * LANES);
    }

    /** As {@link #q4} where a vector has 16 lanes: the low four bits of a lane select its value. */
    static void q4Permuted(
            MemorySegment w, long p0, long p1, long p2, long p3, int[] x, int xAt, int groups, float[] y, int yAt) {
        FloatVector s0 = FloatVector.zero(FLOATS);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        IntVector values = IntVector.fromArray(INTS, Q4_VALUES, 0);
        for (int g = 0; g < groups; g++) {
            long pair = (g >> 1) * 576L;
            long codes = pair + 64 + (g & 1) * 256L;
            FloatVector g0 = FloatVector.zero(FLOATS);
            FloatVector g1 = g0;
            FloatVector g2 = g0;
            FloatVector g3 = g0;
            for (int j = 0; j < 4; j++) {
                long p = codes + j * 64L;
                int k = xAt + g * 32 + j * 8;
                IntVector w0 = IntVector.fromMemorySegment(INTS, w, p0 + p, ORDER);
                IntVector w1 = IntVector.fromMemorySegment(INTS, w, p1 + p, ORDER);
                IntVector w2 = IntVector.fromMemorySegment(INTS, w, p2 + p, ORDER);
                IntVector w3 = IntVector.fromMemorySegment(INTS, w, p3 + p, ORDER);
                FloatVector a;
                a = IntVector.broadcast(INTS, x[k]).reinterpretAsFloats();
                g0 = a.fma(w0.selectFrom(values).reinterpretAsFloats(), g0);
                g1 = a.fma(w1.selectFrom(values).reinterpretAsFloats(), g1);
                g2 = a.fma(w2.selectFrom(values).reinterpretAsFloats(), g2);
                g3 = a.fma(w3.selectFrom(values).reinterpretAsFloats(), g3);
                a = IntVector.broadcast(INTS, x[k + 1]).reinterpretAsFloats();
                g0 = a.fma(
                        w0.lanewise(VectorOperators.LSHR, 4).selectFrom(values).reinterpretAsFloats(), g0);
                g1 = a.fma(
                        w1.lanewise(VectorOperators.LSHR, 4).selectFrom(values).reinterpretAsFloats(), g1);
                g2 = a.fma(
                        w2.lanewise(VectorOperators.LSHR, 4).selectFrom(values).reinterpretAsFloats(), g2);
                g3 = a.fma(
                        w3.lanewise(VectorOperators.LSHR, 4).selectFrom(values).reinterpretAsFloats(), g3);
                a = IntVector.broadcast(INTS, x[k + 2]).reinterpretAsFloats();
                g0 = a.fma(
                        w0.lanewise(VectorOperators.LSHR, 8).selectFrom(values).reinterpretAsFloats(), g0);
                g1 = a.fma(
                        w1.lanewise(VectorOperators.LSHR, 8).selectFrom(values).reinterpretAsFloats(), g1);
                g2 = a.fma(
                        w2.lanewise(VectorOperators.LSHR, 8).selectFrom(values).reinterpretAsFloats(), g2);
                g3 = a.fma(
                        w3.lanewise(VectorOperators.LSHR, 8).selectFrom(values).reinterpretAsFloats(), g3);
                a = IntVector.broadcast(INTS, x[k + 3]).reinterpretAsFloats();
                g0 = a.fma(
                        w0.lanewise(VectorOperators.LSHR, 12).selectFrom(values).reinterpretAsFloats(), g0);
                g1 = a.fma(
                        w1.lanewise(VectorOperators.LSHR, 12).selectFrom(values).reinterpretAsFloats(), g1);
                g2 = a.fma(
                        w2.lanewise(VectorOperators.LSHR, 12).selectFrom(values).reinterpretAsFloats(), g2);
                g3 = a.fma(
                        w3.lanewise(VectorOperators.LSHR, 12).selectFrom(values).reinterpretAsFloats(), g3);
                a = IntVector.broadcast(INTS, x[k + 4]).reinterpretAsFloats();
                g0 = a.fma(
                        w0.lanewise(VectorOperators.LSHR, 16).selectFrom(values).reinterpretAsFloats(), g0);
                g1 = a.fma(
                        w1.lanewise(VectorOperators.LSHR, 16).selectFrom(values).reinterpretAsFloats(), g1);
                g2 = a.fma(
                        w2.lanewise(VectorOperators.LSHR, 16).selectFrom(values).reinterpretAsFloats(), g2);
                g3 = a.fma(
                        w3.lanewise(VectorOperators.LSHR, 16).selectFrom(values).reinterpretAsFloats(), g3);
                a = IntVector.broadcast(INTS, x[k + 5]).reinterpretAsFloats();
                g0 = a.fma(
                        w0.lanewise(VectorOperators.LSHR, 20).selectFrom(values).reinterpretAsFloats(), g0);
                g1 = a.fma(
                        w1.lanewise(VectorOperators.LSHR, 20).selectFrom(values).reinterpretAsFloats(), g1);
                g2 = a.fma(
                        w2.lanewise(VectorOperators.LSHR, 20).selectFrom(values).reinterpretAsFloats(), g2);
                g3 = a.fma(
                        w3.lanewise(VectorOperators.LSHR, 20).selectFrom(values).reinterpretAsFloats(), g3);
                a = IntVector.broadcast(INTS, x[k + 6]).reinterpretAsFloats();
                g0 = a.fma(
                        w0.lanewise(VectorOperators.LSHR, 24).selectFrom(values).reinterpretAsFloats(), g0);
                g1 = a.fma(
                        w1.lanewise(VectorOperators.LSHR, 24).selectFrom(values).reinterpretAsFloats(), g1);
                g2 = a.fma(
                        w2.lanewise(VectorOperators.LSHR, 24).selectFrom(values).reinterpretAsFloats(), g2);
                g3 = a.fma(
                        w3.lanewise(VectorOperators.LSHR, 24).selectFrom(values).reinterpretAsFloats(), g3);
                a = IntVector.broadcast(INTS, x[k + 7]).reinterpretAsFloats();
                g0 = a.fma(
                        w0.lanewise(VectorOperators.LSHR, 28).selectFrom(values).reinterpretAsFloats(), g0);
                g1 = a.fma(
                        w1.lanewise(VectorOperators.LSHR, 28).selectFrom(values).reinterpretAsFloats(), g1);
                g2 = a.fma(
                        w2.lanewise(VectorOperators.LSHR, 28).selectFrom(values).reinterpretAsFloats(), g2);
                g3 = a.fma(
                        w3.lanewise(VectorOperators.LSHR, 28).selectFrom(values).reinterpretAsFloats(), g3);
            }
            int half = 16 * (g & 1);
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
        FloatVector.fromArray(FLOATS, y, yAt).add(s0).intoArray(y, yAt);
        FloatVector.fromArray(FLOATS, y, yAt + LANES).add(s1).intoArray(y, yAt + LANES);
        FloatVector.fromArray(FLOATS, y, yAt + 2 * LANES).add(s2).intoArray(y, yAt + 2 * LANES);
        FloatVector.fromArray(FLOATS, y, yAt + 3 * LANES).add(s3).intoArray(y, yAt + 3 * LANES);
    }
}
