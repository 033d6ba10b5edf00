package io.karipap.kernels;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Makes floats {@code [columns, P]} of the weights of one panel, codes without their scales, so that many rows of activations share the
 * work; see {@link VectorGemv} for how.
 */
final class VectorExpand {
    private static final VectorSpecies<Float> FLOATS = Vectors.FLOATS;
    private static final VectorSpecies<Integer> INTS = Vectors.INTS;
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    private static final int PANEL_BYTES = PackedMatrix.LANE_BYTES;
    private static final int VECTOR_BYTES = Vectors.LANES * Float.BYTES;

    private VectorExpand() {}

    /** {@code columns} columns, padded to even, from {@code from} to {@code at}. */
    static void bf16(MemorySegment w, long from, int columns, MemorySegment out, long at) {
        for (int lane = 0; lane < PANEL_BYTES; lane += VECTOR_BYTES) {
            for (int k = 0; k < columns; k += 2) {
                IntVector pair = IntVector.fromMemorySegment(INTS, w, from + lane + k * 32L, ORDER);
                pair.lanewise(VectorOperators.LSHL, 16).intoMemorySegment(out, at + lane + k * 64L, ORDER);
                pair.and(0xffff0000).intoMemorySegment(out, at + lane + 64 + k * 64L, ORDER);
            }
        }
    }

    /** As {@link #bf16} with halves of binary16. */
    static void f16(MemorySegment w, long from, int columns, MemorySegment out, long at) {
        FloatVector two = FloatVector.broadcast(FLOATS, 2f);
        FloatVector leastNormal = FloatVector.broadcast(FLOATS, -0x1p-14f);
        for (int lane = 0; lane < PANEL_BYTES; lane += VECTOR_BYTES) {
            for (int k = 0; k < columns; k += 2) {
                IntVector pair = IntVector.fromMemorySegment(INTS, w, from + lane + k * 32L, ORDER);
                IntVector even =
                        pair.and(0x7fff).lanewise(VectorOperators.LSHL, 13).add(Vectors.HALF_REBIAS);
                even.min(even.reinterpretAsFloats().fma(two, leastNormal).reinterpretAsInts())
                        .or(pair.and(0x8000).lanewise(VectorOperators.LSHL, 16))
                        .intoMemorySegment(out, at + lane + k * 64L, ORDER);
                IntVector odd =
                        pair.lanewise(VectorOperators.LSHR, 3).and(0x0fffe000).add(Vectors.HALF_REBIAS);
                odd.min(odd.reinterpretAsFloats().fma(two, leastNormal).reinterpretAsInts())
                        .or(pair.and(0x80000000))
                        .intoMemorySegment(out, at + lane + 64 + k * 64L, ORDER);
            }
        }
    }

    /** {@code groups} groups of 8-bit codes with their scales, from an even group at {@code from}. */
    static void q8(MemorySegment w, long from, int groups, MemorySegment out, long at) {
        FloatVector two = FloatVector.broadcast(FLOATS, 2f);
        FloatVector leastNormal = FloatVector.broadcast(FLOATS, -0x1p-14f);
        for (int lane = 0; lane < PANEL_BYTES; lane += VECTOR_BYTES) {
            for (int g = 0; g < groups; g++) {
                long pair = from + lane + (g >> 1) * 1088L;
                long codes = pair + 64 + (g & 1) * 512L;
                long target = at + lane + g * 2048L;
                IntVector half =
                        IntVector.fromMemorySegment(INTS, w, pair, ORDER).lanewise(VectorOperators.LSHR, 16 * (g & 1));
                IntVector bits =
                        half.and(0x7fff).lanewise(VectorOperators.LSHL, 13).add(Vectors.HALF_REBIAS);
                FloatVector scale = bits.min(
                                bits.reinterpretAsFloats().fma(two, leastNormal).reinterpretAsInts())
                        .or(half.and(0x8000).lanewise(VectorOperators.LSHL, 16))
                        .reinterpretAsFloats();
                FloatVector low = scale.mul(-(Vectors.Q8_LOW + 128f));
                FloatVector high = scale.mul(-(Vectors.Q8_HIGH + 128f));
                for (int j = 0; j < 8; j++) {
                    long p = j * 256L;
                    IntVector four = IntVector.fromMemorySegment(INTS, w, codes + j * 64L, ORDER);
                    IntVector first = four.lanewise(VectorOperators.LSHL, 4);
                    IntVector second = four.lanewise(VectorOperators.LSHR, 12);
                    first.and(0xff0)
                            .or(0x49000000)
                            .reinterpretAsFloats()
                            .fma(scale, low)
                            .intoMemorySegment(out, target + p, ORDER);
                    first.and(0xff000)
                            .or(0x45000000)
                            .reinterpretAsFloats()
                            .fma(scale, high)
                            .intoMemorySegment(out, target + 64 + p, ORDER);
                    second.and(0xff0)
                            .or(0x49000000)
                            .reinterpretAsFloats()
                            .fma(scale, low)
                            .intoMemorySegment(out, target + 128 + p, ORDER);
                    second.and(0xff000)
                            .or(0x45000000)
                            .reinterpretAsFloats()
                            .fma(scale, high)
                            .intoMemorySegment(out, target + 192 + p, ORDER);
                }
            }
        }
    }

    /** {@code pairs} pairs of groups of 4-bit codes, without their scales, from an even group at {@code from}. */
    static void q4(MemorySegment w, long from, int pairs, MemorySegment out, long at) {
        for (int lane = 0; lane < PANEL_BYTES; lane += VECTOR_BYTES) {
            for (int pair = 0; pair < pairs; pair++) {
                long codes = from + lane + 64 + pair * 576L;
                long target = at + lane + pair * 4096L;
                for (int j = 0; j < 8; j++) {
                    long p = j * 512L;
                    IntVector low = IntVector.fromMemorySegment(INTS, w, codes + j * 64L, ORDER);
                    IntVector high = low.lanewise(VectorOperators.LSHR, 16);
                    low.and(0xf)
                            .or(0x4b000000)
                            .reinterpretAsFloats()
                            .sub(8388616f)
                            .intoMemorySegment(out, target + p, ORDER);
                    low.and(0xf0)
                            .or(0x49000000)
                            .reinterpretAsFloats()
                            .sub(524296f)
                            .intoMemorySegment(out, target + 64 + p, ORDER);
                    low.and(0xf00)
                            .or(0x47000000)
                            .reinterpretAsFloats()
                            .sub(32776f)
                            .intoMemorySegment(out, target + 128 + p, ORDER);
                    low.and(0xf000)
                            .or(0x45000000)
                            .reinterpretAsFloats()
                            .sub(2056f)
                            .intoMemorySegment(out, target + 192 + p, ORDER);
                    low.and(0xf0000)
                            .or(0x43000000)
                            .reinterpretAsFloats()
                            .sub(136f)
                            .intoMemorySegment(out, target + 256 + p, ORDER);
                    high.and(0xf0)
                            .or(0x49000000)
                            .reinterpretAsFloats()
                            .sub(524296f)
                            .intoMemorySegment(out, target + 320 + p, ORDER);
                    high.and(0xf00)
                            .or(0x47000000)
                            .reinterpretAsFloats()
                            .sub(32776f)
                            .intoMemorySegment(out, target + 384 + p, ORDER);
                    high.and(0xf000)
                            .or(0x45000000)
                            .reinterpretAsFloats()
                            .sub(2056f)
                            .intoMemorySegment(out, target + 448 + p, ORDER);
                }
            }
        }
    }

    /** The scales of {@code groups} groups, {@code pairBytes} from one pair of groups to the next, as floats {@code [groups, P]}. */
    static void scales(MemorySegment w, long from, long pairBytes, int groups, MemorySegment out, long at) {
        for (int g = 0; g < groups; g += 2) {
            f16(w, from + (g >> 1) * pairBytes, 2, out, at + g * 64L);
        }
    }
}
