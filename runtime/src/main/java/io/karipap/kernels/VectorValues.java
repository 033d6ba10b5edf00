package io.karipap.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** {@link Kernels#attentionValues} with vectors, for values in f32 and in pairs of bfloat16. */
final class VectorValues {
    private static final VectorSpecies<Float> FLOATS = Vectors.FLOATS;
    private static final VectorSpecies<Integer> INTS = Vectors.INTS;
    private static final int LANES = FLOATS.length();

    /** Heads of one call, two vectors each; see {@link VectorScores}. */
    private static final int HEADS = Kernels.HEADS_TOGETHER;

    /** Vectors of one head alone. */
    private static final int CHAINS = VectorGemv.CHAINS;

    private VectorValues() {}

    static void add(
            int heads,
            int headDim,
            float[] probabilities,
            int probabilitiesAt,
            int probabilitiesStride,
            float[] values,
            int valuesAt,
            int positions,
            float[] out,
            int outAt) {
        int n = 0;
        for (; n + 1 < heads; n += HEADS) {
            fourHeads(
                    Math.min(HEADS, heads - n),
                    headDim,
                    probabilities,
                    probabilitiesAt + n * probabilitiesStride,
                    probabilitiesStride,
                    values,
                    valuesAt,
                    positions,
                    out,
                    outAt + n * headDim);
        }
        if (n < heads) {
            oneHead(
                    headDim,
                    probabilities,
                    probabilitiesAt + n * probabilitiesStride,
                    values,
                    valuesAt,
                    positions,
                    out,
                    outAt + n * headDim);
        }
        ScalarKernels.addValues(
                heads,
                headDim,
                probabilities,
                probabilitiesAt,
                probabilitiesStride,
                values,
                valuesAt,
                positions,
                out,
                outAt,
                headDim / LANES * LANES);
    }

    private static void fourHeads(
            int heads,
            int headDim,
            float[] probabilities,
            int probabilitiesAt,
            int probabilitiesStride,
            float[] values,
            int valuesAt,
            int positions,
            float[] out,
            int outAt) {
        int p0 = probabilitiesAt;
        int p1 = probabilitiesAt + Math.min(1, heads - 1) * probabilitiesStride;
        int p2 = probabilitiesAt + Math.min(2, heads - 1) * probabilitiesStride;
        int p3 = probabilitiesAt + Math.min(3, heads - 1) * probabilitiesStride;
        int o0 = outAt;
        int o1 = outAt + Math.min(1, heads - 1) * headDim;
        int o2 = outAt + Math.min(2, heads - 1) * headDim;
        int o3 = outAt + Math.min(3, heads - 1) * headDim;
        int whole = headDim / LANES * LANES;
        for (int h = 0; h < whole; h += 2 * LANES) {
            int g = Math.min(h + LANES, whole - LANES);
            FloatVector s00 = FloatVector.fromArray(FLOATS, out, o0 + h);
            FloatVector s01 = FloatVector.fromArray(FLOATS, out, o0 + g);
            FloatVector s10 = FloatVector.fromArray(FLOATS, out, o1 + h);
            FloatVector s11 = FloatVector.fromArray(FLOATS, out, o1 + g);
            FloatVector s20 = FloatVector.fromArray(FLOATS, out, o2 + h);
            FloatVector s21 = FloatVector.fromArray(FLOATS, out, o2 + g);
            FloatVector s30 = FloatVector.fromArray(FLOATS, out, o3 + h);
            FloatVector s31 = FloatVector.fromArray(FLOATS, out, o3 + g);
            for (int t = 0, at = valuesAt; t < positions; t++, at += headDim) {
                FloatVector v0 = FloatVector.fromArray(FLOATS, values, at + h);
                FloatVector v1 = FloatVector.fromArray(FLOATS, values, at + g);
                FloatVector a0 = FloatVector.broadcast(FLOATS, probabilities[p0 + t]);
                s00 = a0.fma(v0, s00);
                s01 = a0.fma(v1, s01);
                FloatVector a1 = FloatVector.broadcast(FLOATS, probabilities[p1 + t]);
                s10 = a1.fma(v0, s10);
                s11 = a1.fma(v1, s11);
                FloatVector a2 = FloatVector.broadcast(FLOATS, probabilities[p2 + t]);
                s20 = a2.fma(v0, s20);
                s21 = a2.fma(v1, s21);
                FloatVector a3 = FloatVector.broadcast(FLOATS, probabilities[p3 + t]);
                s30 = a3.fma(v0, s30);
                s31 = a3.fma(v1, s31);
            }
            s00.intoArray(out, o0 + h);
            s01.intoArray(out, o0 + g);
            s10.intoArray(out, o1 + h);
            s11.intoArray(out, o1 + g);
            s20.intoArray(out, o2 + h);
            s21.intoArray(out, o2 + g);
            s30.intoArray(out, o3 + h);
            s31.intoArray(out, o3 + g);
        }
    }

    private static void oneHead(
            int headDim,
            float[] probabilities,
            int probabilitiesAt,
            float[] values,
            int valuesAt,
            int positions,
            float[] out,
            int outAt) {
        int last = headDim / LANES * LANES - LANES;
        for (int h = 0; h <= last; h += CHAINS * LANES) {
            int h1 = Math.min(h + LANES, last);
            int h2 = Math.min(h + 2 * LANES, last);
            int h3 = Math.min(h + 3 * LANES, last);
            FloatVector s0 = FloatVector.fromArray(FLOATS, out, outAt + h);
            FloatVector s1 = FloatVector.fromArray(FLOATS, out, outAt + h1);
            FloatVector s2 = FloatVector.fromArray(FLOATS, out, outAt + h2);
            FloatVector s3 = FloatVector.fromArray(FLOATS, out, outAt + h3);
            for (int t = 0, at = valuesAt; t < positions; t++, at += headDim) {
                FloatVector p = FloatVector.broadcast(FLOATS, probabilities[probabilitiesAt + t]);
                s0 = p.fma(FloatVector.fromArray(FLOATS, values, at + h), s0);
                s1 = p.fma(FloatVector.fromArray(FLOATS, values, at + h1), s1);
                s2 = p.fma(FloatVector.fromArray(FLOATS, values, at + h2), s2);
                s3 = p.fma(FloatVector.fromArray(FLOATS, values, at + h3), s3);
            }
            s0.intoArray(out, outAt + h);
            s1.intoArray(out, outAt + h1);
            s2.intoArray(out, outAt + h2);
            s3.intoArray(out, outAt + h3);
        }
    }

    static void add(
            int heads,
            int headDim,
            float[] probabilities,
            int probabilitiesAt,
            int probabilitiesStride,
            int[] values,
            int valuesAt,
            int positions,
            float[] out,
            int outAt) {
        int n = 0;
        for (; n + 1 < heads; n += HEADS) {
            fourHeads(
                    Math.min(HEADS, heads - n),
                    headDim,
                    probabilities,
                    probabilitiesAt + n * probabilitiesStride,
                    probabilitiesStride,
                    values,
                    valuesAt,
                    positions,
                    out,
                    outAt + n * headDim);
        }
        if (n < heads) {
            oneHead(
                    headDim,
                    probabilities,
                    probabilitiesAt + n * probabilitiesStride,
                    values,
                    valuesAt,
                    positions,
                    out,
                    outAt + n * headDim);
        }
        ScalarKernels.addValues(
                heads,
                headDim,
                probabilities,
                probabilitiesAt,
                probabilitiesStride,
                values,
                valuesAt,
                positions,
                out,
                outAt,
                headDim / LANES * LANES);
    }

    private static void fourHeads(
            int heads,
            int headDim,
            float[] probabilities,
            int probabilitiesAt,
            int probabilitiesStride,
            int[] values,
            int valuesAt,
            int positions,
            float[] out,
            int outAt) {
        int p0 = probabilitiesAt;
        int p1 = probabilitiesAt + Math.min(1, heads - 1) * probabilitiesStride;
        int p2 = probabilitiesAt + Math.min(2, heads - 1) * probabilitiesStride;
        int p3 = probabilitiesAt + Math.min(3, heads - 1) * probabilitiesStride;
        int o0 = outAt;
        int o1 = outAt + Math.min(1, heads - 1) * headDim;
        int o2 = outAt + Math.min(2, heads - 1) * headDim;
        int o3 = outAt + Math.min(3, heads - 1) * headDim;
        int whole = headDim / LANES * LANES;
        int pairs = positions >> 1;
        for (int h = 0; h < whole; h += 2 * LANES) {
            int g = Math.min(h + LANES, whole - LANES);
            FloatVector s00 = FloatVector.fromArray(FLOATS, out, o0 + h);
            FloatVector s01 = FloatVector.fromArray(FLOATS, out, o0 + g);
            FloatVector s10 = FloatVector.fromArray(FLOATS, out, o1 + h);
            FloatVector s11 = FloatVector.fromArray(FLOATS, out, o1 + g);
            FloatVector s20 = FloatVector.fromArray(FLOATS, out, o2 + h);
            FloatVector s21 = FloatVector.fromArray(FLOATS, out, o2 + g);
            FloatVector s30 = FloatVector.fromArray(FLOATS, out, o3 + h);
            FloatVector s31 = FloatVector.fromArray(FLOATS, out, o3 + g);
            int at = valuesAt;
            for (int t = 0; t < pairs; t++, at += headDim) {
                IntVector v0 = IntVector.fromArray(INTS, values, at + h);
                IntVector v1 = IntVector.fromArray(INTS, values, at + g);
                FloatVector even0 = v0.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
                FloatVector even1 = v1.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
                FloatVector a0 = FloatVector.broadcast(FLOATS, probabilities[p0 + 2 * t]);
                s00 = a0.fma(even0, s00);
                s01 = a0.fma(even1, s01);
                FloatVector a1 = FloatVector.broadcast(FLOATS, probabilities[p1 + 2 * t]);
                s10 = a1.fma(even0, s10);
                s11 = a1.fma(even1, s11);
                FloatVector a2 = FloatVector.broadcast(FLOATS, probabilities[p2 + 2 * t]);
                s20 = a2.fma(even0, s20);
                s21 = a2.fma(even1, s21);
                FloatVector a3 = FloatVector.broadcast(FLOATS, probabilities[p3 + 2 * t]);
                s30 = a3.fma(even0, s30);
                s31 = a3.fma(even1, s31);
                FloatVector odd0 = v0.and(0xffff0000).reinterpretAsFloats();
                FloatVector odd1 = v1.and(0xffff0000).reinterpretAsFloats();
                FloatVector b0 = FloatVector.broadcast(FLOATS, probabilities[p0 + 2 * t + 1]);
                s00 = b0.fma(odd0, s00);
                s01 = b0.fma(odd1, s01);
                FloatVector b1 = FloatVector.broadcast(FLOATS, probabilities[p1 + 2 * t + 1]);
                s10 = b1.fma(odd0, s10);
                s11 = b1.fma(odd1, s11);
                FloatVector b2 = FloatVector.broadcast(FLOATS, probabilities[p2 + 2 * t + 1]);
                s20 = b2.fma(odd0, s20);
                s21 = b2.fma(odd1, s21);
                FloatVector b3 = FloatVector.broadcast(FLOATS, probabilities[p3 + 2 * t + 1]);
                s30 = b3.fma(odd0, s30);
                s31 = b3.fma(odd1, s31);
            }
            if ((positions & 1) != 0) {
                FloatVector even0 = IntVector.fromArray(INTS, values, at + h)
                        .lanewise(VectorOperators.LSHL, 16)
                        .reinterpretAsFloats();
                FloatVector even1 = IntVector.fromArray(INTS, values, at + g)
                        .lanewise(VectorOperators.LSHL, 16)
                        .reinterpretAsFloats();
                FloatVector a0 = FloatVector.broadcast(FLOATS, probabilities[p0 + positions - 1]);
                s00 = a0.fma(even0, s00);
                s01 = a0.fma(even1, s01);
                FloatVector a1 = FloatVector.broadcast(FLOATS, probabilities[p1 + positions - 1]);
                s10 = a1.fma(even0, s10);
                s11 = a1.fma(even1, s11);
                FloatVector a2 = FloatVector.broadcast(FLOATS, probabilities[p2 + positions - 1]);
                s20 = a2.fma(even0, s20);
                s21 = a2.fma(even1, s21);
                FloatVector a3 = FloatVector.broadcast(FLOATS, probabilities[p3 + positions - 1]);
                s30 = a3.fma(even0, s30);
                s31 = a3.fma(even1, s31);
            }
            s00.intoArray(out, o0 + h);
            s01.intoArray(out, o0 + g);
            s10.intoArray(out, o1 + h);
            s11.intoArray(out, o1 + g);
            s20.intoArray(out, o2 + h);
            s21.intoArray(out, o2 + g);
            s30.intoArray(out, o3 + h);
            s31.intoArray(out, o3 + g);
        }
    }

    private static void oneHead(
            int headDim,
            float[] probabilities,
            int probabilitiesAt,
            int[] values,
            int valuesAt,
            int positions,
            float[] out,
            int outAt) {
        int last = headDim / LANES * LANES - LANES;
        int pairs = positions >> 1;
        for (int h = 0; h <= last; h += CHAINS * LANES) {
            int h1 = Math.min(h + LANES, last);
            int h2 = Math.min(h + 2 * LANES, last);
            int h3 = Math.min(h + 3 * LANES, last);
            FloatVector s0 = FloatVector.fromArray(FLOATS, out, outAt + h);
            FloatVector s1 = FloatVector.fromArray(FLOATS, out, outAt + h1);
            FloatVector s2 = FloatVector.fromArray(FLOATS, out, outAt + h2);
            FloatVector s3 = FloatVector.fromArray(FLOATS, out, outAt + h3);
            int at = valuesAt;
            for (int t = 0; t < pairs; t++, at += headDim) {
                FloatVector first = FloatVector.broadcast(FLOATS, probabilities[probabilitiesAt + 2 * t]);
                FloatVector second = FloatVector.broadcast(FLOATS, probabilities[probabilitiesAt + 2 * t + 1]);
                IntVector v0 = IntVector.fromArray(INTS, values, at + h);
                IntVector v1 = IntVector.fromArray(INTS, values, at + h1);
                IntVector v2 = IntVector.fromArray(INTS, values, at + h2);
                IntVector v3 = IntVector.fromArray(INTS, values, at + h3);
                s0 = first.fma(v0.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), s0);
                s1 = first.fma(v1.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), s1);
                s2 = first.fma(v2.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), s2);
                s3 = first.fma(v3.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), s3);
                s0 = second.fma(v0.and(0xffff0000).reinterpretAsFloats(), s0);
                s1 = second.fma(v1.and(0xffff0000).reinterpretAsFloats(), s1);
                s2 = second.fma(v2.and(0xffff0000).reinterpretAsFloats(), s2);
                s3 = second.fma(v3.and(0xffff0000).reinterpretAsFloats(), s3);
            }
            if ((positions & 1) != 0) {
                FloatVector first = FloatVector.broadcast(FLOATS, probabilities[probabilitiesAt + positions - 1]);
                s0 = first.fma(
                        IntVector.fromArray(INTS, values, at + h)
                                .lanewise(VectorOperators.LSHL, 16)
                                .reinterpretAsFloats(),
                        s0);
                s1 = first.fma(
                        IntVector.fromArray(INTS, values, at + h1)
                                .lanewise(VectorOperators.LSHL, 16)
                                .reinterpretAsFloats(),
                        s1);
                s2 = first.fma(
                        IntVector.fromArray(INTS, values, at + h2)
                                .lanewise(VectorOperators.LSHL, 16)
                                .reinterpretAsFloats(),
                        s2);
                s3 = first.fma(
                        IntVector.fromArray(INTS, values, at + h3)
                                .lanewise(VectorOperators.LSHL, 16)
                                .reinterpretAsFloats(),
                        s3);
            }
            s0.intoArray(out, outAt + h);
            s1.intoArray(out, outAt + h1);
            s2.intoArray(out, outAt + h2);
            s3.intoArray(out, outAt + h3);
        }
    }
}
