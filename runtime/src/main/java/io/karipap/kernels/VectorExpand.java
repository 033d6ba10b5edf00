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

    /** A group of 8-bit codes from {@code from} to {@code at}. */
    static void q8(MemorySegment w, long from, MemorySegment out, long at) {
        for (int lane = 0; lane < PANEL_BYTES; lane += VECTOR_BYTES) {
            for (int j = 0; j < 8; j++) {
                long p = at + lane + j * 256L;
                IntVector low = IntVector.fromMemorySegment(INTS, w, from + lane + j * 64L, ORDER);
                IntVector high = low.lanewise(VectorOperators.LSHR, 16);
                low.and(0xff).or(0x4b000000).reinterpretAsFloats().sub(8388736f).intoMemorySegment(out, p, ORDER);
                low.and(0xff00).or(0x47000000).reinterpretAsFloats().sub(32896f).intoMemorySegment(out, p + 64, ORDER);
                high.and(0xff)
                        .or(0x4b000000)
                        .reinterpretAsFloats()
                        .sub(8388736f)
                        .intoMemorySegment(out, p + 128, ORDER);
                high.and(0xff00)
                        .or(0x47000000)
                        .reinterpretAsFloats()
                        .sub(32896f)
                        .intoMemorySegment(out, p + 192, ORDER);
            }
        }
    }

    /** A group of 4-bit codes from {@code from} to {@code at}. */
    static void q4(MemorySegment w, long from, MemorySegment out, long at) {
        for (int lane = 0; lane < PANEL_BYTES; lane += VECTOR_BYTES) {
            for (int j = 0; j < 4; j++) {
                long p = at + lane + j * 512L;
                IntVector low = IntVector.fromMemorySegment(INTS, w, from + lane + j * 64L, ORDER);
                IntVector high = low.lanewise(VectorOperators.LSHR, 16);
                low.and(0xf).or(0x4b000000).reinterpretAsFloats().sub(8388616f).intoMemorySegment(out, p, ORDER);
                low.and(0xf0).or(0x49000000).reinterpretAsFloats().sub(524296f).intoMemorySegment(out, p + 64, ORDER);
                low.and(0xf00).or(0x47000000).reinterpretAsFloats().sub(32776f).intoMemorySegment(out, p + 128, ORDER);
                low.and(0xf000).or(0x45000000).reinterpretAsFloats().sub(2056f).intoMemorySegment(out, p + 192, ORDER);
                low.and(0xf0000).or(0x43000000).reinterpretAsFloats().sub(136f).intoMemorySegment(out, p + 256, ORDER);
                high.and(0xf0).or(0x49000000).reinterpretAsFloats().sub(524296f).intoMemorySegment(out, p + 320, ORDER);
                high.and(0xf00).or(0x47000000).reinterpretAsFloats().sub(32776f).intoMemorySegment(out, p + 384, ORDER);
                high.and(0xf000).or(0x45000000).reinterpretAsFloats().sub(2056f).intoMemorySegment(out, p + 448, ORDER);
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
