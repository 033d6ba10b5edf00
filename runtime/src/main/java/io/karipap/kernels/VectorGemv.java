package io.karipap.kernels;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * One row of activations times four vectors of output features, for each type of weight: four independent streams from memory and four
 * chains of fused multiply-adds, as many as their latency asks for. Straight-line code: see the trap of C2's node budget.
 */
final class VectorGemv {
    static final VectorSpecies<Float> FLOATS = species();
    static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, FLOATS.vectorShape());
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    private static final int LANES = FLOATS.length();

    /** Vectors of output features in one call. */
    static final int CHAINS = 4;

    private VectorGemv() {}

    /** The machine's preferred vectors, 4 to 16 floats long. */
    private static VectorSpecies<Float> species() {
        int lanes = Math.clamp(FloatVector.SPECIES_PREFERRED.length(), 4, PackedMatrix.PANEL);
        return switch (lanes) {
            case 4 -> FloatVector.SPECIES_128;
            case 8 -> FloatVector.SPECIES_256;
            default -> FloatVector.SPECIES_512;
        };
    }

    /**
     * Columns [from, to) of four vectors of output features; their weights of column {@code from} lie at {@code p0…p3}. The results go
     * to {@code y}, one vector after the other, and are added to what is there unless {@code from} is 0.
     */
    static void f32(
            MemorySegment w,
            long p0,
            long p1,
            long p2,
            long p3,
            float[] x,
            int xAt,
            int from,
            int to,
            float[] y,
            int yAt) {
        FloatVector s0 = FloatVector.zero(FLOATS);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        for (int k = from; k < to; k++) {
            long p = (k - from) * 64L;
            FloatVector a = FloatVector.broadcast(FLOATS, x[xAt + k]);
            s0 = a.fma(FloatVector.fromMemorySegment(FLOATS, w, p0 + p, ORDER), s0);
            s1 = a.fma(FloatVector.fromMemorySegment(FLOATS, w, p1 + p, ORDER), s1);
            s2 = a.fma(FloatVector.fromMemorySegment(FLOATS, w, p2 + p, ORDER), s2);
            s3 = a.fma(FloatVector.fromMemorySegment(FLOATS, w, p3 + p, ORDER), s3);
        }
        if (from > 0) {
            s0 = FloatVector.fromArray(FLOATS, y, yAt).add(s0);
            s1 = FloatVector.fromArray(FLOATS, y, yAt + LANES).add(s1);
            s2 = FloatVector.fromArray(FLOATS, y, yAt + 2 * LANES).add(s2);
            s3 = FloatVector.fromArray(FLOATS, y, yAt + 3 * LANES).add(s3);
        }
        s0.intoArray(y, yAt);
        s1.intoArray(y, yAt + LANES);
        s2.intoArray(y, yAt + 2 * LANES);
        s3.intoArray(y, yAt + 3 * LANES);
    }

    /** As {@link #f32}; a lane holds an even column in its low and the next column in its high half. */
    static void bf16(
            MemorySegment w,
            long p0,
            long p1,
            long p2,
            long p3,
            float[] x,
            int xAt,
            int from,
            int to,
            float[] y,
            int yAt) {
        FloatVector s0 = FloatVector.zero(FLOATS);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        int k = from;
        for (; k + 1 < to; k += 2) {
            long p = (k - from) * 32L;
            IntVector w0 = IntVector.fromMemorySegment(INTS, w, p0 + p, ORDER);
            IntVector w1 = IntVector.fromMemorySegment(INTS, w, p1 + p, ORDER);
            IntVector w2 = IntVector.fromMemorySegment(INTS, w, p2 + p, ORDER);
            IntVector w3 = IntVector.fromMemorySegment(INTS, w, p3 + p, ORDER);
            FloatVector a = FloatVector.broadcast(FLOATS, x[xAt + k]);
            s0 = a.fma(w0.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), s0);
            s1 = a.fma(w1.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), s1);
            s2 = a.fma(w2.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), s2);
            s3 = a.fma(w3.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), s3);
            FloatVector b = FloatVector.broadcast(FLOATS, x[xAt + k + 1]);
            s0 = b.fma(w0.and(0xffff0000).reinterpretAsFloats(), s0);
            s1 = b.fma(w1.and(0xffff0000).reinterpretAsFloats(), s1);
            s2 = b.fma(w2.and(0xffff0000).reinterpretAsFloats(), s2);
            s3 = b.fma(w3.and(0xffff0000).reinterpretAsFloats(), s3);
        }
        if (k < to) {
            long p = (k - from) * 32L;
            FloatVector a = FloatVector.broadcast(FLOATS, x[xAt + k]);
            IntVector w0 = IntVector.fromMemorySegment(INTS, w, p0 + p, ORDER);
            IntVector w1 = IntVector.fromMemorySegment(INTS, w, p1 + p, ORDER);
            IntVector w2 = IntVector.fromMemorySegment(INTS, w, p2 + p, ORDER);
            IntVector w3 = IntVector.fromMemorySegment(INTS, w, p3 + p, ORDER);
            s0 = a.fma(w0.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), s0);
            s1 = a.fma(w1.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), s1);
            s2 = a.fma(w2.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), s2);
            s3 = a.fma(w3.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), s3);
        }
        if (from > 0) {
            s0 = FloatVector.fromArray(FLOATS, y, yAt).add(s0);
            s1 = FloatVector.fromArray(FLOATS, y, yAt + LANES).add(s1);
            s2 = FloatVector.fromArray(FLOATS, y, yAt + 2 * LANES).add(s2);
            s3 = FloatVector.fromArray(FLOATS, y, yAt + 3 * LANES).add(s3);
        }
        s0.intoArray(y, yAt);
        s1.intoArray(y, yAt + LANES);
        s2.intoArray(y, yAt + 2 * LANES);
        s3.intoArray(y, yAt + 3 * LANES);
    }

    /** As {@link #bf16} with halves of binary16: the exponent is shifted into place and rebiased by 2¹¹². */
    static void f16(
            MemorySegment w,
            long p0,
            long p1,
            long p2,
            long p3,
            float[] x,
            int xAt,
            int from,
            int to,
            float[] y,
            int yAt) {
        FloatVector s0 = FloatVector.zero(FLOATS);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        for (int k = from; k < to; k += 2) {
            long p = (k - from) * 32L;
            IntVector w0 = IntVector.fromMemorySegment(INTS, w, p0 + p, ORDER);
            IntVector w1 = IntVector.fromMemorySegment(INTS, w, p1 + p, ORDER);
            IntVector w2 = IntVector.fromMemorySegment(INTS, w, p2 + p, ORDER);
            IntVector w3 = IntVector.fromMemorySegment(INTS, w, p3 + p, ORDER);
            FloatVector a = FloatVector.broadcast(FLOATS, x[xAt + k]);
            IntVector e0 = w0.and(0x7fff)
                    .lanewise(VectorOperators.LSHL, 13)
                    .reinterpretAsFloats()
                    .mul(0x1p112f)
                    .reinterpretAsInts()
                    .or(w0.and(0x8000).lanewise(VectorOperators.LSHL, 16));
            s0 = a.fma(e0.reinterpretAsFloats(), s0);
            IntVector e1 = w1.and(0x7fff)
                    .lanewise(VectorOperators.LSHL, 13)
                    .reinterpretAsFloats()
                    .mul(0x1p112f)
                    .reinterpretAsInts()
                    .or(w1.and(0x8000).lanewise(VectorOperators.LSHL, 16));
            s1 = a.fma(e1.reinterpretAsFloats(), s1);
            IntVector e2 = w2.and(0x7fff)
                    .lanewise(VectorOperators.LSHL, 13)
                    .reinterpretAsFloats()
                    .mul(0x1p112f)
                    .reinterpretAsInts()
                    .or(w2.and(0x8000).lanewise(VectorOperators.LSHL, 16));
            s2 = a.fma(e2.reinterpretAsFloats(), s2);
            IntVector e3 = w3.and(0x7fff)
                    .lanewise(VectorOperators.LSHL, 13)
                    .reinterpretAsFloats()
                    .mul(0x1p112f)
                    .reinterpretAsInts()
                    .or(w3.and(0x8000).lanewise(VectorOperators.LSHL, 16));
            s3 = a.fma(e3.reinterpretAsFloats(), s3);
            if (k + 1 < to) {
                FloatVector b = FloatVector.broadcast(FLOATS, x[xAt + k + 1]);
                IntVector o0 = w0.lanewise(VectorOperators.LSHR, 3)
                        .and(0x0fffe000)
                        .reinterpretAsFloats()
                        .mul(0x1p112f)
                        .reinterpretAsInts()
                        .or(w0.and(0x80000000));
                s0 = b.fma(o0.reinterpretAsFloats(), s0);
                IntVector o1 = w1.lanewise(VectorOperators.LSHR, 3)
                        .and(0x0fffe000)
                        .reinterpretAsFloats()
                        .mul(0x1p112f)
                        .reinterpretAsInts()
                        .or(w1.and(0x80000000));
                s1 = b.fma(o1.reinterpretAsFloats(), s1);
                IntVector o2 = w2.lanewise(VectorOperators.LSHR, 3)
                        .and(0x0fffe000)
                        .reinterpretAsFloats()
                        .mul(0x1p112f)
                        .reinterpretAsInts()
                        .or(w2.and(0x80000000));
                s2 = b.fma(o2.reinterpretAsFloats(), s2);
                IntVector o3 = w3.lanewise(VectorOperators.LSHR, 3)
                        .and(0x0fffe000)
                        .reinterpretAsFloats()
                        .mul(0x1p112f)
                        .reinterpretAsInts()
                        .or(w3.and(0x80000000));
                s3 = b.fma(o3.reinterpretAsFloats(), s3);
            }
        }
        if (from > 0) {
            s0 = FloatVector.fromArray(FLOATS, y, yAt).add(s0);
            s1 = FloatVector.fromArray(FLOATS, y, yAt + LANES).add(s1);
            s2 = FloatVector.fromArray(FLOATS, y, yAt + 2 * LANES).add(s2);
            s3 = FloatVector.fromArray(FLOATS, y, yAt + 3 * LANES).add(s3);
        }
        s0.intoArray(y, yAt);
        s1.intoArray(y, yAt + LANES);
        s2.intoArray(y, yAt + 2 * LANES);
        s3.intoArray(y, yAt + 3 * LANES);
    }

    /** Expands {@code columns} columns of one panel to floats {@code [columns, P]} at {@code at}. */
    static void expandBf16(MemorySegment w, long source, int columns, MemorySegment out, long at) {
        for (int lane = 0; lane < PackedMatrix.PANEL; lane += LANES) {
            int k = 0;
            for (; k + 1 < columns; k += 2) {
                IntVector pair = IntVector.fromMemorySegment(INTS, w, source + lane * 4L + k * 32L, ORDER);
                pair.lanewise(VectorOperators.LSHL, 16)
                        .reinterpretAsFloats()
                        .intoMemorySegment(out, at + lane * 4L + k * 64L, ORDER);
                pair.and(0xffff0000).reinterpretAsFloats().intoMemorySegment(out, at + 64 + lane * 4L + k * 64L, ORDER);
            }
            if (k < columns) {
                IntVector.fromMemorySegment(INTS, w, source + lane * 4L + k * 32L, ORDER)
                        .lanewise(VectorOperators.LSHL, 16)
                        .reinterpretAsFloats()
                        .intoMemorySegment(out, at + lane * 4L + k * 64L, ORDER);
            }
        }
    }

    /** As {@link #expandBf16} with halves of binary16. */
    static void expandF16(MemorySegment w, long source, int columns, MemorySegment out, long at) {
        for (int lane = 0; lane < PackedMatrix.PANEL; lane += LANES) {
            for (int k = 0; k < columns; k += 2) {
                IntVector pair = IntVector.fromMemorySegment(INTS, w, source + lane * 4L + k * 32L, ORDER);
                pair.and(0x7fff)
                        .lanewise(VectorOperators.LSHL, 13)
                        .reinterpretAsFloats()
                        .mul(0x1p112f)
                        .reinterpretAsInts()
                        .or(pair.and(0x8000).lanewise(VectorOperators.LSHL, 16))
                        .reinterpretAsFloats()
                        .intoMemorySegment(out, at + lane * 4L + k * 64L, ORDER);
                if (k + 1 < columns) {
                    pair.lanewise(VectorOperators.LSHR, 3)
                            .and(0x0fffe000)
                            .reinterpretAsFloats()
                            .mul(0x1p112f)
                            .reinterpretAsInts()
                            .or(pair.and(0x80000000))
                            .reinterpretAsFloats()
                            .intoMemorySegment(out, at + 64 + lane * 4L + k * 64L, ORDER);
                }
            }
        }
    }

    /** {@code out[i] = exp(in[i])}, as {@link Exponential#exp}, for {@code count} elements, a multiple of the lanes. */
    static void exp(float[] in, int inAt, float[] out, int outAt, int count) {
        for (int i = 0; i < count; i += LANES) {
            FloatVector x = FloatVector.fromArray(FLOATS, in, inAt + i);
            VectorMask<Float> zero = x.compare(VectorOperators.LT, Exponential.MIN);
            FloatVector clamped = x.min(Exponential.MAX).max(Exponential.MIN);
            FloatVector shifted = clamped.fma(
                    FloatVector.broadcast(FLOATS, Exponential.LOG2_E),
                    FloatVector.broadcast(FLOATS, Exponential.ROUND));
            FloatVector n = shifted.sub(Exponential.ROUND);
            FloatVector r = n.fma(FloatVector.broadcast(FLOATS, -Exponential.LN2_HIGH), clamped);
            r = n.fma(FloatVector.broadcast(FLOATS, -Exponential.LN2_LOW), r);
            FloatVector p =
                    r.fma(FloatVector.broadcast(FLOATS, Exponential.C7), FloatVector.broadcast(FLOATS, Exponential.C6));
            p = p.fma(r, FloatVector.broadcast(FLOATS, Exponential.C5));
            p = p.fma(r, FloatVector.broadcast(FLOATS, Exponential.C4));
            p = p.fma(r, FloatVector.broadcast(FLOATS, Exponential.C3));
            p = p.fma(r, FloatVector.broadcast(FLOATS, Exponential.C2));
            p = p.fma(r, FloatVector.broadcast(FLOATS, 1f));
            p = p.fma(r, FloatVector.broadcast(FLOATS, 1f));
            FloatVector power = shifted.reinterpretAsInts()
                    .add(127 - Exponential.ROUND_BITS)
                    .lanewise(VectorOperators.LSHL, 23)
                    .reinterpretAsFloats();
            p.mul(power).blend(0f, zero).intoArray(out, outAt + i);
        }
    }
}
