package io.karipap.kernels.vector;

import io.karipap.kernels.CodeLayout;
import io.karipap.kernels.PackedMatrix;
import io.karipap.kernels.WeightType;
import java.util.Arrays;

/**
 * How a vector kernel makes weights of the codes that lie as {@link CodeLayout} says. Under the exponent of {@code 2^(23 − p)} an unsigned
 * code from bit p on is the float {@code 2^(23 − p) + code}, and the weight is one multiply-add of it with the scale and with
 * {@code −(2^(23 − p) + bias)·scale}: exact, for that product has 24 bits at most. Where the scale is a binary32, {@code 2^(23 − p) + bias}
 * is subtracted first, which is exact too. The p of the even columns is the turn of the lane.
 */
final class CodeMasks {
    private static final CodeMasks Q8 = new CodeMasks(WeightType.Q8, 0);
    private static final CodeMasks Q4 = new CodeMasks(WeightType.Q4, 1);
    private static final CodeMasks A8 = new CodeMasks(WeightType.A8, 0);
    private static final CodeMasks A4 = new CodeMasks(WeightType.A4, 1);
    private static final CodeMasks A4_16 = new CodeMasks(WeightType.A4_16, 1);
    private static final CodeMasks S8_16 = new CodeMasks(WeightType.S8_16, 0);

    /** Bits from a pair of columns to the next. */
    final int pair;

    /** Binary logarithm of how often a lane holds four columns. */
    final int steps;

    // Vectors, as arrays: a number, C2 would load and spread again for every use.
    final int[] evenMask;
    final int[] oddMask;
    final int[] evenExponent;
    final int[] oddExponent;

    /** {@code −(2^(23 − p) + bias)}. */
    final float evenOffset;

    /** As {@link #evenOffset}. */
    final float oddOffset;

    /** {@code 2^(23 − p) + bias}, as vectors. */
    final float[] evenZero;

    final float[] oddZero;

    // Of groups whose scale is a binary32.

    /** Groups of {@link WeightType#GROUP} columns. */
    final int parts;

    /** From the scales of a group to its offsets, in bytes; 0 where there are none. */
    final long offsetsAt;

    /** What is kept of the bits of an offset: nothing where what is there is none. */
    final int[] offsetMask;

    /** What is added to the bits of an offset: the sign of −0, which adds nothing to any number, where there is none. */
    final int[] noOffset;

    private CodeMasks(WeightType type, int steps) {
        this.steps = steps;
        int codes = (1 << type.bits()) - 1;
        int even = CodeLayout.of(type).turn();
        int odd = even + type.bits();
        pair = 2 * type.bits();
        evenMask = vector(codes << even);
        oddMask = vector(codes << odd);
        evenExponent = vector(127 + 23 - even << 23);
        oddExponent = vector(127 + 23 - odd << 23);
        evenOffset = -((1 << 23 - even) + type.bias());
        oddOffset = -((1 << 23 - odd) + type.bias());
        evenZero = vector(-evenOffset);
        oddZero = vector(-oddOffset);
        parts = WeightType.GROUP / type.group();
        offsetsAt = type.offsets() ? PackedMatrix.LANE_BYTES : 0;
        offsetMask = vector(type.offsets() ? -1 : 0);
        noOffset = vector(type.offsets() ? 0 : Integer.MIN_VALUE);
    }

    private static int[] vector(int value) {
        int[] lanes = new int[PackedMatrix.PANEL];
        Arrays.fill(lanes, value);
        return lanes;
    }

    private static float[] vector(float value) {
        float[] lanes = new float[PackedMatrix.PANEL];
        Arrays.fill(lanes, value);
        return lanes;
    }

    /** Of a quantised type. */
    static CodeMasks of(WeightType type) {
        return switch (type) {
            case Q8 -> Q8;
            case Q4 -> Q4;
            case A8 -> A8;
            case A4 -> A4;
            case A4_16 -> A4_16;
            case S8_16 -> S8_16;
            case F32, BF16, F16 -> throw new IllegalArgumentException(type + " has no codes");
        };
    }
}
