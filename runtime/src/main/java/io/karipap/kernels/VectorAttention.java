package io.karipap.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** {@link Kernels#attentionScores} and {@link Kernels#attentionValues} with vectors, for keys and values in f32 and in pairs of bfloat16. */
final class VectorAttention {
    private static final VectorSpecies<Float> FLOATS = Vectors.FLOATS;
    private static final VectorSpecies<Integer> INTS = Vectors.INTS;
    private static final int LANES = FLOATS.length();
    private static final int PANEL = PackedMatrix.PANEL;

    /** Chains of FMAs that hide their latency. */
    private static final int CHAINS = 4;

    private static final int BLOCK = CHAINS * LANES;

    private VectorAttention() {}

    static void scores(
            float[] query,
            int queryAt,
            float[] keys,
            int keysAt,
            float[] scores,
            int scoresAt,
            int headDim,
            int panels,
            float scale) {
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
            float[] query,
            int queryAt,
            int[] keys,
            int keysAt,
            float[] scores,
            int scoresAt,
            int headDim,
            int panels,
            float scale) {
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

    static void addValues(
            float[] probabilities,
            int probabilitiesAt,
            float[] values,
            int valuesAt,
            float[] out,
            int outAt,
            int headDim,
            int positions) {
        int h = 0;
        for (; h + BLOCK <= headDim; h += BLOCK) {
            FloatVector s0 = FloatVector.fromArray(FLOATS, out, outAt + h);
            FloatVector s1 = FloatVector.fromArray(FLOATS, out, outAt + h + LANES);
            FloatVector s2 = FloatVector.fromArray(FLOATS, out, outAt + h + 2 * LANES);
            FloatVector s3 = FloatVector.fromArray(FLOATS, out, outAt + h + 3 * LANES);
            for (int t = 0, at = valuesAt + h; t < positions; t++, at += headDim) {
                FloatVector p = FloatVector.broadcast(FLOATS, probabilities[probabilitiesAt + t]);
                s0 = p.fma(FloatVector.fromArray(FLOATS, values, at), s0);
                s1 = p.fma(FloatVector.fromArray(FLOATS, values, at + LANES), s1);
                s2 = p.fma(FloatVector.fromArray(FLOATS, values, at + 2 * LANES), s2);
                s3 = p.fma(FloatVector.fromArray(FLOATS, values, at + 3 * LANES), s3);
            }
            s0.intoArray(out, outAt + h);
            s1.intoArray(out, outAt + h + LANES);
            s2.intoArray(out, outAt + h + 2 * LANES);
            s3.intoArray(out, outAt + h + 3 * LANES);
        }
        for (; h + 2 * LANES <= headDim; h += 2 * LANES) {
            FloatVector s0 = FloatVector.fromArray(FLOATS, out, outAt + h);
            FloatVector s1 = FloatVector.fromArray(FLOATS, out, outAt + h + LANES);
            for (int t = 0, at = valuesAt + h; t < positions; t++, at += headDim) {
                FloatVector p = FloatVector.broadcast(FLOATS, probabilities[probabilitiesAt + t]);
                s0 = p.fma(FloatVector.fromArray(FLOATS, values, at), s0);
                s1 = p.fma(FloatVector.fromArray(FLOATS, values, at + LANES), s1);
            }
            s0.intoArray(out, outAt + h);
            s1.intoArray(out, outAt + h + LANES);
        }
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

    static void addValues(
            float[] probabilities,
            int probabilitiesAt,
            int[] values,
            int valuesAt,
            float[] out,
            int outAt,
            int headDim,
            int positions) {
        int h = 0;
        int pairs = positions >> 1;
        boolean odd = (positions & 1) != 0;
        for (; h + 2 * LANES <= headDim; h += 2 * LANES) {
            FloatVector s0 = FloatVector.fromArray(FLOATS, out, outAt + h);
            FloatVector s1 = FloatVector.fromArray(FLOATS, out, outAt + h + LANES);
            int at = valuesAt + h;
            for (int t = 0; t < pairs; t++, at += headDim) {
                FloatVector first = FloatVector.broadcast(FLOATS, probabilities[probabilitiesAt + 2 * t]);
                FloatVector second = FloatVector.broadcast(FLOATS, probabilities[probabilitiesAt + 2 * t + 1]);
                IntVector p0 = IntVector.fromArray(INTS, values, at);
                IntVector p1 = IntVector.fromArray(INTS, values, at + LANES);
                s0 = first.fma(p0.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), s0);
                s1 = first.fma(p1.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), s1);
                s0 = second.fma(p0.and(0xffff0000).reinterpretAsFloats(), s0);
                s1 = second.fma(p1.and(0xffff0000).reinterpretAsFloats(), s1);
            }
            if (odd) {
                FloatVector first = FloatVector.broadcast(FLOATS, probabilities[probabilitiesAt + positions - 1]);
                IntVector p0 = IntVector.fromArray(INTS, values, at);
                IntVector p1 = IntVector.fromArray(INTS, values, at + LANES);
                s0 = first.fma(p0.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), s0);
                s1 = first.fma(p1.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), s1);
            }
            s0.intoArray(out, outAt + h);
            s1.intoArray(out, outAt + h + LANES);
        }
        for (; h < headDim; h++) {
            float sum = out[outAt + h];
            for (int t = 0; t < positions; t++) {
                int pair = values[valuesAt + (t >> 1) * headDim + h];
                float value = Float.intBitsToFloat((t & 1) == 0 ? pair << 16 : pair & 0xffff0000);
                sum = Math.fma(probabilities[probabilitiesAt + t], value, sum);
            }
            out[outAt + h] = sum;
        }
    }

    private static int keyAt(int vector, int perPanel, int headDim) {
        return vector / perPanel * PANEL * headDim + vector % perPanel * LANES;
    }
}
