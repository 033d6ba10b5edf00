package io.karipap.kernels;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Makes floats {@code [columns, P]} of the weights of one panel, so that many rows of activations share the
 * work; see {@link VectorGemv} for how.
 */
final class VectorExpand {
    private static final VectorSpecies<Float> FLOATS = Vectors.FLOATS;
    private static final VectorSpecies<Integer> INTS = Vectors.INTS;
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    private static final int PANEL = PackedMatrix.PANEL;
    private static final int LANES = Vectors.LANES;

    private VectorExpand() {}

    /** {@code columns} columns, padded to even, at {@code from}. */
    static void bf16(MemorySegment w, long from, int columns, float[] out) {
        for (int lane = 0; lane < PANEL; lane += LANES) {
            for (int k = 0; k < columns; k += 2) {
                IntVector pair = IntVector.fromMemorySegment(INTS, w, from + lane * 4L + k * 32L, ORDER);
                pair.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats().intoArray(out, lane + k * PANEL);
                pair.and(0xffff0000).reinterpretAsFloats().intoArray(out, lane + (k + 1) * PANEL);
            }
        }
    }

    /** As {@link #bf16} with halves of binary16. */
    static void f16(MemorySegment w, long from, int columns, float[] out) {
        FloatVector two = FloatVector.broadcast(FLOATS, 2f);
        FloatVector leastNormal = FloatVector.broadcast(FLOATS, -0x1p-14f);
        for (int lane = 0; lane < PANEL; lane += LANES) {
            for (int k = 0; k < columns; k += 2) {
                IntVector pair = IntVector.fromMemorySegment(INTS, w, from + lane * 4L + k * 32L, ORDER);
                IntVector even =
                        pair.and(0x7fff).lanewise(VectorOperators.LSHL, 13).add(Vectors.HALF_REBIAS);
                even.min(even.reinterpretAsFloats().fma(two, leastNormal).reinterpretAsInts())
                        .or(pair.and(0x8000).lanewise(VectorOperators.LSHL, 16))
                        .reinterpretAsFloats()
                        .intoArray(out, lane + k * PANEL);
                IntVector odd =
                        pair.lanewise(VectorOperators.LSHR, 3).and(0x0fffe000).add(Vectors.HALF_REBIAS);
                odd.min(odd.reinterpretAsFloats().fma(two, leastNormal).reinterpretAsInts())
                        .or(pair.and(0x80000000))
                        .reinterpretAsFloats()
                        .intoArray(out, lane + (k + 1) * PANEL);
            }
        }
    }

    /** {@code groups} groups of columns of codes at {@code from} whose scales lie at {@code scales}, those of an even group first. */
    static void codes(MemorySegment w, long from, CodeLanes lanes, long scales, int groups, float[] out) {
        FloatVector two = FloatVector.broadcast(FLOATS, 2f);
        FloatVector leastNormal = FloatVector.broadcast(FLOATS, -0x1p-14f);
        IntVector evenMask = IntVector.fromArray(INTS, lanes.evenMask, 0);
        IntVector evenExponent = IntVector.fromArray(INTS, lanes.evenExponent, 0);
        IntVector oddMask = IntVector.fromArray(INTS, lanes.oddMask, 0);
        IntVector oddExponent = IntVector.fromArray(INTS, lanes.oddExponent, 0);
        for (int lane = 0; lane < PANEL; lane += LANES) {
            for (int g = 0; g < groups; g++) {
                IntVector half = IntVector.fromMemorySegment(INTS, w, scales + lane * 4L + (g >> 1) * 64L, ORDER)
                        .lanewise(VectorOperators.LSHL, 16 * (~g & 1));
                IntVector bits =
                        half.lanewise(VectorOperators.LSHR, 3).and(0x0fffe000).add(Vectors.HALF_REBIAS);
                FloatVector scale = bits.min(
                                bits.reinterpretAsFloats().fma(two, leastNormal).reinterpretAsInts())
                        .or(half.and(0x80000000))
                        .reinterpretAsFloats();
                FloatVector even = scale.mul(lanes.evenOffset);
                FloatVector odd = scale.mul(lanes.oddOffset);
                for (int j = g * 8; j < g * 8 + 8; j++) {
                    IntVector codes = IntVector.fromMemorySegment(
                                    INTS, w, from + lane * 4L + (j >> lanes.steps) * 64L, ORDER)
                            .lanewise(VectorOperators.ROR, (j & lanes.steps) * 16);
                    int to = lane + j * 4 * PANEL;
                    codes.and(evenMask)
                            .or(evenExponent)
                            .reinterpretAsFloats()
                            .fma(scale, even)
                            .intoArray(out, to);
                    codes.and(oddMask)
                            .or(oddExponent)
                            .reinterpretAsFloats()
                            .fma(scale, odd)
                            .intoArray(out, to + PANEL);
                    codes = codes.lanewise(VectorOperators.ROR, lanes.pair);
                    codes.and(evenMask)
                            .or(evenExponent)
                            .reinterpretAsFloats()
                            .fma(scale, even)
                            .intoArray(out, to + 2 * PANEL);
                    codes.and(oddMask)
                            .or(oddExponent)
                            .reinterpretAsFloats()
                            .fma(scale, odd)
                            .intoArray(out, to + 3 * PANEL);
                }
            }
        }
    }
}
