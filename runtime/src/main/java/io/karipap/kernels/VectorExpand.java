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

    /**
     * {@code columns} columns of 8-bit codes, whole groups, times their scales {@code [groups, P]}.
     */
    static void q8(MemorySegment w, long from, float[] scales, int columns, MemorySegment out, long at) {
        for (int lane = 0; lane < PANEL_BYTES; lane += VECTOR_BYTES) {
            long target = at + lane;
            for (int j = 0; j < columns / 4; j++) {
                long p = j * 256L;
                IntVector low = IntVector.fromMemorySegment(INTS, w, from + lane + j * 64L, ORDER);
                IntVector high = low.lanewise(VectorOperators.LSHR, 16);
                FloatVector scale = FloatVector.fromArray(FLOATS, scales, j / 8 * PackedMatrix.PANEL + lane / 4);
                low.and(0xff)
                        .or(0x4b000000)
                        .reinterpretAsFloats()
                        .sub(8388736f)
                        .mul(scale)
                        .intoMemorySegment(out, target + p, ORDER);
                low.and(0xff00)
                        .or(0x47000000)
                        .reinterpretAsFloats()
                        .sub(32896f)
                        .mul(scale)
                        .intoMemorySegment(out, target + 64 + p, ORDER);
                high.and(0xff)
                        .or(0x4b000000)
                        .reinterpretAsFloats()
                        .sub(8388736f)
                        .mul(scale)
                        .intoMemorySegment(out, target + 128 + p, ORDER);
                high.and(0xff00)
                        .or(0x47000000)
                        .reinterpretAsFloats()
                        .sub(32896f)
                        .mul(scale)
                        .intoMemorySegment(out, target + 192 + p, ORDER);
            }
        }
    }

    /** As {@link #q8} with 4-bit codes. */
    static void q4(MemorySegment w, long from, float[] scales, int columns, MemorySegment out, long at) {
        for (int lane = 0; lane < PANEL_BYTES; lane += VECTOR_BYTES) {
            long target = at + lane;
            for (int j = 0; j < columns / 8; j++) {
                long p = j * 512L;
                IntVector low = IntVector.fromMemorySegment(INTS, w, from + lane + j * 64L, ORDER);
                IntVector high = low.lanewise(VectorOperators.LSHR, 16);
                FloatVector scale = FloatVector.fromArray(FLOATS, scales, j / 4 * PackedMatrix.PANEL + lane / 4);
                low.and(0xf)
                        .or(0x4b000000)
                        .reinterpretAsFloats()
                        .sub(8388616f)
                        .mul(scale)
                        .intoMemorySegment(out, target + p, ORDER);
                low.and(0xf0)
                        .or(0x49000000)
                        .reinterpretAsFloats()
                        .sub(524296f)
                        .mul(scale)
                        .intoMemorySegment(out, target + 64 + p, ORDER);
                low.and(0xf00)
                        .or(0x47000000)
                        .reinterpretAsFloats()
                        .sub(32776f)
                        .mul(scale)
                        .intoMemorySegment(out, target + 128 + p, ORDER);
                low.and(0xf000)
                        .or(0x45000000)
                        .reinterpretAsFloats()
                        .sub(2056f)
                        .mul(scale)
                        .intoMemorySegment(out, target + 192 + p, ORDER);
                low.and(0xf0000)
                        .or(0x43000000)
                        .reinterpretAsFloats()
                        .sub(136f)
                        .mul(scale)
                        .intoMemorySegment(out, target + 256 + p, ORDER);
                high.and(0xf0)
                        .or(0x49000000)
                        .reinterpretAsFloats()
                        .sub(524296f)
                        .mul(scale)
                        .intoMemorySegment(out, target + 320 + p, ORDER);
                high.and(0xf00)
                        .or(0x47000000)
                        .reinterpretAsFloats()
                        .sub(32776f)
                        .mul(scale)
                        .intoMemorySegment(out, target + 384 + p, ORDER);
                high.and(0xf000)
                        .or(0x45000000)
                        .reinterpretAsFloats()
                        .sub(2056f)
                        .mul(scale)
                        .intoMemorySegment(out, target + 448 + p, ORDER);
            }
        }
    }

    /**
     * The scales of {@code groups} groups as floats, {@code stride} elements from one group to the next.
     *
     * @param lanes how many lanes, from the one at {@code from} on
     */
    static void scales(MemorySegment w, long from, int groups, int lanes, float[] out, int at, int stride) {
        FloatVector two = FloatVector.broadcast(FLOATS, 2f);
        FloatVector leastNormal = FloatVector.broadcast(FLOATS, -0x1p-14f);
        for (int lane = 0; lane < lanes; lane += Vectors.LANES) {
            for (int g = 0; g < groups; g++) {
                IntVector half = IntVector.fromMemorySegment(
                                INTS, w, from + lane * 4L + (g >> 1) * (long) PANEL_BYTES, ORDER)
                        .lanewise(VectorOperators.LSHR, 16 * (g & 1));
                IntVector bits =
                        half.and(0x7fff).lanewise(VectorOperators.LSHL, 13).add(Vectors.HALF_REBIAS);
                bits.min(bits.reinterpretAsFloats().fma(two, leastNormal).reinterpretAsInts())
                        .or(half.and(0x8000).lanewise(VectorOperators.LSHL, 16))
                        .reinterpretAsFloats()
                        .intoArray(out, at + g * stride + lane);
            }
        }
    }
}
