package io.karipap.kernels;

import java.util.Arrays;

/**
 * Where the codes of a quantised type lie in a 32-bit lane, and how a vector kernel makes weights of them. The lane is turned left, so
 * that the codes of two neighbouring columns lie within the mantissa of a float. Under the exponent of {@code 2^(23 − p)} an unsigned code
 * from bit p on is the float {@code 2^(23 − p) + code}, and the weight is one multiply-add of it with the scale and with
 * {@code −(2^(23 − p) + bias)·scale}: exact, for that product has 24 bits at most.
 */
final class CodeLanes {
    private static final CodeLanes Q8 = new CodeLanes(WeightType.Q8, 4);
    private static final CodeLanes Q4 = new CodeLanes(WeightType.Q4, 12);

    /** Bits by which a lane is turned left; before, the first column has the lowest bits. The p of the even columns. */
    final int turn;

    /** A lane of codes for zero. */
    final int zeros;

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

    private CodeLanes(WeightType type, int turn) {
        int codes = (1 << type.bits()) - 1;
        int odd = turn + type.bits();
        this.turn = turn;
        zeros = Integer.rotateLeft(Integer.divideUnsigned(-1, codes) * type.bias(), turn);
        pair = 2 * type.bits();
        steps = type == WeightType.Q8 ? 0 : 1;
        evenMask = vector(codes << turn);
        oddMask = vector(codes << odd);
        evenExponent = vector(127 + 23 - turn << 23);
        oddExponent = vector(127 + 23 - odd << 23);
        evenOffset = -((1 << 23 - turn) + type.bias());
        oddOffset = -((1 << 23 - odd) + type.bias());
    }

    private static int[] vector(int value) {
        int[] lanes = new int[PackedMatrix.PANEL];
        Arrays.fill(lanes, value);
        return lanes;
    }

    /** Of a quantised type. */
    static CodeLanes of(WeightType type) {
        return switch (type) {
            case Q8 -> Q8;
            case Q4 -> Q4;
            case F32, BF16, F16 -> throw new IllegalArgumentException(type + " has no codes");
        };
    }
}
