package io.karipap.kernels;

/**
 * Where the codes of a quantised type lie in a 32-bit lane. The lane is turned left, so that the codes of two neighbouring columns lie
 * within the mantissa of a float: see {@code CodeMasks} for what a vector kernel makes of that.
 *
 * @param type a quantised type
 * @param turn bits by which a lane is turned left; before, the first column has the lowest bits
 * @param zeros a lane of codes for zero
 */
public record CodeLayout(WeightType type, int turn, int zeros) {
    private static final CodeLayout Q8 = of(WeightType.Q8, 4);
    private static final CodeLayout Q4 = of(WeightType.Q4, 12);
    private static final CodeLayout A8 = of(WeightType.A8, 4);
    private static final CodeLayout A4 = of(WeightType.A4, 12);
    private static final CodeLayout A4_16 = of(WeightType.A4_16, 12);
    private static final CodeLayout S8_16 = of(WeightType.S8_16, 4);

    private static CodeLayout of(WeightType type, int turn) {
        int mask = (1 << type.bits()) - 1;
        return new CodeLayout(type, turn, Integer.rotateLeft(Integer.divideUnsigned(-1, mask) * type.bias(), turn));
    }

    /**
     * Of a quantised type.
     *
     * @throws IllegalArgumentException if the type has no codes
     */
    public static CodeLayout of(WeightType type) {
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

    /** A lane of signed codes, the first column in the lowest bits, as it is stored. */
    int stored(int signed) {
        return Integer.rotateLeft(signed, turn) ^ zeros;
    }

    /** The unsigned codes of a stored lane, the first column in the lowest bits. */
    int unsigned(int stored) {
        return Integer.rotateRight(stored, turn);
    }
}
