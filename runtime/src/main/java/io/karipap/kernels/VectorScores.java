package io.karipap.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** {@link Kernels#attentionScores} with vectors, for keys in f32 and in pairs of bfloat16. */
final class VectorScores {
    private static final VectorSpecies<Float> FLOATS = Vectors.FLOATS;
    private static final VectorSpecies<Integer> INTS = Vectors.INTS;
    private static final int LANES = FLOATS.length();
    private static final int PANEL = PackedMatrix.PANEL;

    /** Heads of one call, two vectors each: eight chains of FMAs hide their latency, and keys are loaded once for all. */
    private static final int HEADS = Kernels.HEADS_TOGETHER;

    /** Vectors of one head alone. */
    private static final int CHAINS = VectorGemv.CHAINS;

    private VectorScores() {}

    static void scores(
            int heads,
            int headDim,
            float[] query,
            int queryAt,
            float[] keys,
            int keysAt,
            int panels,
            float scale,
            float[] scores,
            int scoresAt,
            int scoresStride) {
        int n = 0;
        for (; n + 1 < heads; n += HEADS) {
            fourHeads(
                    Math.min(HEADS, heads - n),
                    headDim,
                    query,
                    queryAt + n * headDim,
                    keys,
                    keysAt,
                    panels,
                    scale,
                    scores,
                    scoresAt + n * scoresStride,
                    scoresStride);
        }
        if (n < heads) {
            oneHead(
                    headDim,
                    query,
                    queryAt + n * headDim,
                    keys,
                    keysAt,
                    panels,
                    scale,
                    scores,
                    scoresAt + n * scoresStride);
        }
    }

    private static void fourHeads(
            int heads,
            int headDim,
            float[] query,
            int queryAt,
            float[] keys,
            int keysAt,
            int panels,
            float scale,
            float[] scores,
            int scoresAt,
            int scoresStride) {
        int vectors = panels * PANEL / LANES;
        int perPanel = PANEL / LANES;
        int q0 = queryAt;
        int q1 = queryAt + Math.min(1, heads - 1) * headDim;
        int q2 = queryAt + Math.min(2, heads - 1) * headDim;
        int q3 = queryAt + Math.min(3, heads - 1) * headDim;
        int r1 = Math.min(1, heads - 1) * scoresStride;
        int r2 = Math.min(2, heads - 1) * scoresStride;
        int r3 = Math.min(3, heads - 1) * scoresStride;
        for (int v = 0; v < vectors; v += 2) {
            int second = Math.min(v + 1, vectors - 1);
            int k0 = keysAt + keyAt(v, perPanel, headDim);
            int k1 = keysAt + keyAt(second, perPanel, headDim);
            FloatVector s00 = FloatVector.zero(FLOATS);
            FloatVector s01 = s00;
            FloatVector s10 = s00;
            FloatVector s11 = s00;
            FloatVector s20 = s00;
            FloatVector s21 = s00;
            FloatVector s30 = s00;
            FloatVector s31 = s00;
            for (int h = 0, at = 0; h < headDim; h++, at += PANEL) {
                FloatVector key0 = FloatVector.fromArray(FLOATS, keys, k0 + at);
                FloatVector key1 = FloatVector.fromArray(FLOATS, keys, k1 + at);
                FloatVector a0 = FloatVector.broadcast(FLOATS, query[q0 + h]);
                s00 = a0.fma(key0, s00);
                s01 = a0.fma(key1, s01);
                FloatVector a1 = FloatVector.broadcast(FLOATS, query[q1 + h]);
                s10 = a1.fma(key0, s10);
                s11 = a1.fma(key1, s11);
                FloatVector a2 = FloatVector.broadcast(FLOATS, query[q2 + h]);
                s20 = a2.fma(key0, s20);
                s21 = a2.fma(key1, s21);
                FloatVector a3 = FloatVector.broadcast(FLOATS, query[q3 + h]);
                s30 = a3.fma(key0, s30);
                s31 = a3.fma(key1, s31);
            }
            int first = scoresAt + v * LANES;
            int next = scoresAt + second * LANES;
            s00.mul(scale).intoArray(scores, first);
            s01.mul(scale).intoArray(scores, next);
            s10.mul(scale).intoArray(scores, first + r1);
            s11.mul(scale).intoArray(scores, next + r1);
            s20.mul(scale).intoArray(scores, first + r2);
            s21.mul(scale).intoArray(scores, next + r2);
            s30.mul(scale).intoArray(scores, first + r3);
            s31.mul(scale).intoArray(scores, next + r3);
        }
    }

    private static void oneHead(
            int headDim,
            float[] query,
            int queryAt,
            float[] keys,
            int keysAt,
            int panels,
            float scale,
            float[] scores,
            int scoresAt) {
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

    static void scores(
            int heads,
            int headDim,
            float[] query,
            int queryAt,
            int[] keys,
            int keysAt,
            int panels,
            float scale,
            float[] scores,
            int scoresAt,
            int scoresStride) {
        int n = 0;
        for (; n + 1 < heads; n += HEADS) {
            fourHeads(
                    Math.min(HEADS, heads - n),
                    headDim,
                    query,
                    queryAt + n * headDim,
                    keys,
                    keysAt,
                    panels,
                    scale,
                    scores,
                    scoresAt + n * scoresStride,
                    scoresStride);
        }
        if (n < heads) {
            oneHead(
                    headDim,
                    query,
                    queryAt + n * headDim,
                    keys,
                    keysAt,
                    panels,
                    scale,
                    scores,
                    scoresAt + n * scoresStride);
        }
    }

    private static void fourHeads(
            int heads,
            int headDim,
            float[] query,
            int queryAt,
            int[] keys,
            int keysAt,
            int panels,
            float scale,
            float[] scores,
            int scoresAt,
            int scoresStride) {
        int vectors = panels * PANEL / LANES;
        int perPanel = PANEL / LANES;
        int pairs = headDim + 1 >> 1;
        int q0 = queryAt;
        int q1 = queryAt + Math.min(1, heads - 1) * headDim;
        int q2 = queryAt + Math.min(2, heads - 1) * headDim;
        int q3 = queryAt + Math.min(3, heads - 1) * headDim;
        int r1 = Math.min(1, heads - 1) * scoresStride;
        int r2 = Math.min(2, heads - 1) * scoresStride;
        int r3 = Math.min(3, heads - 1) * scoresStride;
        for (int v = 0; v < vectors; v += 2) {
            int second = Math.min(v + 1, vectors - 1);
            int k0 = keysAt + keyAt(v, perPanel, pairs);
            int k1 = keysAt + keyAt(second, perPanel, pairs);
            FloatVector s00 = FloatVector.zero(FLOATS);
            FloatVector s01 = s00;
            FloatVector s10 = s00;
            FloatVector s11 = s00;
            FloatVector s20 = s00;
            FloatVector s21 = s00;
            FloatVector s30 = s00;
            FloatVector s31 = s00;
            for (int h = 0, at = 0; h + 1 < headDim; h += 2, at += PANEL) {
                IntVector p0 = IntVector.fromArray(INTS, keys, k0 + at);
                IntVector p1 = IntVector.fromArray(INTS, keys, k1 + at);
                FloatVector even0 = p0.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
                FloatVector even1 = p1.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
                FloatVector a0 = FloatVector.broadcast(FLOATS, query[q0 + h]);
                s00 = a0.fma(even0, s00);
                s01 = a0.fma(even1, s01);
                FloatVector a1 = FloatVector.broadcast(FLOATS, query[q1 + h]);
                s10 = a1.fma(even0, s10);
                s11 = a1.fma(even1, s11);
                FloatVector a2 = FloatVector.broadcast(FLOATS, query[q2 + h]);
                s20 = a2.fma(even0, s20);
                s21 = a2.fma(even1, s21);
                FloatVector a3 = FloatVector.broadcast(FLOATS, query[q3 + h]);
                s30 = a3.fma(even0, s30);
                s31 = a3.fma(even1, s31);
                FloatVector odd0 = p0.and(0xffff0000).reinterpretAsFloats();
                FloatVector odd1 = p1.and(0xffff0000).reinterpretAsFloats();
                FloatVector b0 = FloatVector.broadcast(FLOATS, query[q0 + h + 1]);
                s00 = b0.fma(odd0, s00);
                s01 = b0.fma(odd1, s01);
                FloatVector b1 = FloatVector.broadcast(FLOATS, query[q1 + h + 1]);
                s10 = b1.fma(odd0, s10);
                s11 = b1.fma(odd1, s11);
                FloatVector b2 = FloatVector.broadcast(FLOATS, query[q2 + h + 1]);
                s20 = b2.fma(odd0, s20);
                s21 = b2.fma(odd1, s21);
                FloatVector b3 = FloatVector.broadcast(FLOATS, query[q3 + h + 1]);
                s30 = b3.fma(odd0, s30);
                s31 = b3.fma(odd1, s31);
            }
            if ((headDim & 1) != 0) {
                int at = (pairs - 1) * PANEL;
                FloatVector even0 = IntVector.fromArray(INTS, keys, k0 + at)
                        .lanewise(VectorOperators.LSHL, 16)
                        .reinterpretAsFloats();
                FloatVector even1 = IntVector.fromArray(INTS, keys, k1 + at)
                        .lanewise(VectorOperators.LSHL, 16)
                        .reinterpretAsFloats();
                FloatVector a0 = FloatVector.broadcast(FLOATS, query[q0 + headDim - 1]);
                s00 = a0.fma(even0, s00);
                s01 = a0.fma(even1, s01);
                FloatVector a1 = FloatVector.broadcast(FLOATS, query[q1 + headDim - 1]);
                s10 = a1.fma(even0, s10);
                s11 = a1.fma(even1, s11);
                FloatVector a2 = FloatVector.broadcast(FLOATS, query[q2 + headDim - 1]);
                s20 = a2.fma(even0, s20);
                s21 = a2.fma(even1, s21);
                FloatVector a3 = FloatVector.broadcast(FLOATS, query[q3 + headDim - 1]);
                s30 = a3.fma(even0, s30);
                s31 = a3.fma(even1, s31);
            }
            int first = scoresAt + v * LANES;
            int next = scoresAt + second * LANES;
            s00.mul(scale).intoArray(scores, first);
            s01.mul(scale).intoArray(scores, next);
            s10.mul(scale).intoArray(scores, first + r1);
            s11.mul(scale).intoArray(scores, next + r1);
            s20.mul(scale).intoArray(scores, first + r2);
            s21.mul(scale).intoArray(scores, next + r2);
            s30.mul(scale).intoArray(scores, first + r3);
            s31.mul(scale).intoArray(scores, next + r3);
        }
    }

    private static void oneHead(
            int headDim,
            float[] query,
            int queryAt,
            int[] keys,
            int keysAt,
            int panels,
            float scale,
            float[] scores,
            int scoresAt) {
        int vectors = panels * PANEL / LANES;
        int perPanel = PANEL / LANES;
        int pairs = headDim + 1 >> 1;
        for (int v = 0; v < vectors; v += CHAINS) {
            int last = vectors - 1;
            int k0 = keysAt + keyAt(v, perPanel, pairs);
            int k1 = keysAt + keyAt(Math.min(v + 1, last), perPanel, pairs);
            int k2 = keysAt + keyAt(Math.min(v + 2, last), perPanel, pairs);
            int k3 = keysAt + keyAt(Math.min(v + 3, last), perPanel, pairs);
            FloatVector s0 = FloatVector.zero(FLOATS);
            FloatVector s1 = s0;
            FloatVector s2 = s0;
            FloatVector s3 = s0;
            for (int h = 0, at = 0; h + 1 < headDim; h += 2, at += PANEL) {
                FloatVector even = FloatVector.broadcast(FLOATS, query[queryAt + h]);
                FloatVector odd = FloatVector.broadcast(FLOATS, query[queryAt + h + 1]);
                IntVector p0 = IntVector.fromArray(INTS, keys, k0 + at);
                IntVector p1 = IntVector.fromArray(INTS, keys, k1 + at);
                IntVector p2 = IntVector.fromArray(INTS, keys, k2 + at);
                IntVector p3 = IntVector.fromArray(INTS, keys, k3 + at);
                s0 = even.fma(p0.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), s0);
                s1 = even.fma(p1.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), s1);
                s2 = even.fma(p2.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), s2);
                s3 = even.fma(p3.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), s3);
                s0 = odd.fma(p0.and(0xffff0000).reinterpretAsFloats(), s0);
                s1 = odd.fma(p1.and(0xffff0000).reinterpretAsFloats(), s1);
                s2 = odd.fma(p2.and(0xffff0000).reinterpretAsFloats(), s2);
                s3 = odd.fma(p3.and(0xffff0000).reinterpretAsFloats(), s3);
            }
            if ((headDim & 1) != 0) {
                FloatVector even = FloatVector.broadcast(FLOATS, query[queryAt + headDim - 1]);
                int at = (pairs - 1) * PANEL;
                s0 = even.fma(
                        IntVector.fromArray(INTS, keys, k0 + at)
                                .lanewise(VectorOperators.LSHL, 16)
                                .reinterpretAsFloats(),
                        s0);
                s1 = even.fma(
                        IntVector.fromArray(INTS, keys, k1 + at)
                                .lanewise(VectorOperators.LSHL, 16)
                                .reinterpretAsFloats(),
                        s1);
                s2 = even.fma(
                        IntVector.fromArray(INTS, keys, k2 + at)
                                .lanewise(VectorOperators.LSHL, 16)
                                .reinterpretAsFloats(),
                        s2);
                s3 = even.fma(
                        IntVector.fromArray(INTS, keys, k3 + at)
                                .lanewise(VectorOperators.LSHL, 16)
                                .reinterpretAsFloats(),
                        s3);
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
}
