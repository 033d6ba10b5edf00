package io.karipap.kernels.vector;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How vectors of floats are made of the stored elements of one type: all that a template of a kernel has to know of it. Sections of
 * {@code text}, each begun by a line {@code # name}:
 *
 * <ul>
 *   <li>{@code once}: before all loops.
 *   <li>{@code parts}, {@code turns}, {@code scalesat}: by what the number of groups of 32 columns is multiplied, turns of the loop over
 *       a group, and where what belongs to group {@code g} lies; only of types with groups.
 *   <li>{@code group}: once a group of columns, for chain {@code $c}; the number of the group is {@code g}, <code>{scales}</code> a vector
 *       of lanes of what stands before the codes.
 *   <li>{@code turn}: once a turn number {@code t} of the loop over a group; says where the lanes lie, {@code p}.
 *   <li>{@code load}: loads chain {@code $c}; <code>{lanes}</code> is a vector of ints, <code>{floats}</code> one of floats.
 *   <li>{@code column 0}, {@code column 1}, …: of the columns that a turn takes; the last line is the expression for the weights.
 * </ul>
 *
 * @param columns columns of a turn
 * @param byChain whether a turn computes one chain after the other, where few registers are left, or one column after the other
 */
record TypeText(int columns, boolean byChain, String text) {
    private static final String HALVES = """
            # once
            FloatVector two = FloatVector.broadcast(FLOATS, 2f);
            FloatVector leastNormal = FloatVector.broadcast(FLOATS, -0x1p-14f);
            """;

    private static final String MASKS = """
            CodeMasks masks = streams.masks;
            IntVector evenMask = IntVector.fromArray(INTS, masks.evenMask, 0);
            IntVector evenExponent = IntVector.fromArray(INTS, masks.evenExponent, 0);
            IntVector oddMask = IntVector.fromArray(INTS, masks.oddMask, 0);
            IntVector oddExponent = IntVector.fromArray(INTS, masks.oddExponent, 0);
            int steps = masks.steps;
            int pair = masks.pair;
            """;

    /** A lane of codes of 8 bits is one turn, one of 4 bits two. */
    private static final String LANES = """
            # turn
            long p = (t >> steps) * 64L;
            int turn = (t & steps) * 16;
            # load
            IntVector w$c = {lanes}.lanewise(VectorOperators.ROR, turn);
            """;

    static final TypeText F32 = new TypeText(1, false, """
            # column 0
            {floats}
            """);

    /** A lane holds an even column in its low and the next column in its high half. */
    static final TypeText BF16 = new TypeText(2, false, """
            # load
            IntVector w$c = {lanes};
            # column 0
            w$c.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats()
            # column 1
            w$c.and(0xffff0000).reinterpretAsFloats()
            """);

    /**
     * The magnitude, shifted and rebiased as an integer, is right unless the half is subnormal; then twice it less 2⁻¹⁴ is, which is the
     * smaller of the two just there. No denormal float is ever touched.
     */
    static final TypeText F16 = new TypeText(2, true, HALVES + """
            # load
            IntVector w$c = {lanes};
            # column 0
            IntVector e$c = w$c.and(0x7fff).lanewise(VectorOperators.LSHL, 13).add(Vectors.HALF_REBIAS);
            e$c.min(e$c.reinterpretAsFloats().fma(two, leastNormal).reinterpretAsInts())\
            .or(w$c.and(0x8000).lanewise(VectorOperators.LSHL, 16)).reinterpretAsFloats()
            # column 1
            IntVector o$c = w$c.lanewise(VectorOperators.LSHR, 3).and(0x0fffe000).add(Vectors.HALF_REBIAS);
            o$c.min(o$c.reinterpretAsFloats().fma(two, leastNormal).reinterpretAsInts())\
            .or(w$c.and(0x80000000)).reinterpretAsFloats()
            """);

    /** Q8 and Q4, see {@link CodeMasks}. The scales of two groups share a lane, those of the even group in the low half. */
    static final TypeText CODES = new TypeText(4, true, HALVES + MASKS + """
            # parts
            # scalesat
            g / 2 * (long) PackedMatrix.LANE_BYTES
            # group
            IntVector h$c = {scales}.lanewise(VectorOperators.LSHL, 16 * (~g & 1));
            IntVector m$c = h$c.lanewise(VectorOperators.LSHR, 3).and(0x0fffe000).add(Vectors.HALF_REBIAS);
            FloatVector d$c = m$c.min(m$c.reinterpretAsFloats().fma(two, leastNormal).reinterpretAsInts())\
            .or(h$c.and(0x80000000)).reinterpretAsFloats();
            FloatVector e$c = d$c.mul(masks.evenOffset);
            FloatVector o$c = d$c.mul(masks.oddOffset);
            """ + LANES + """
            # column 0
            w$c.and(evenMask).or(evenExponent).reinterpretAsFloats().fma(d$c, e$c)
            # column 1
            w$c.and(oddMask).or(oddExponent).reinterpretAsFloats().fma(d$c, o$c)
            # column 2
            w$c = w$c.lanewise(VectorOperators.ROR, pair);
            w$c.and(evenMask).or(evenExponent).reinterpretAsFloats().fma(d$c, e$c)
            # column 3
            w$c.and(oddMask).or(oddExponent).reinterpretAsFloats().fma(d$c, o$c)
            """);

    /** Codes whose scales and offsets are floats, a group of columns being all of 32 or a part of them, see {@link CodeMasks}. */
    static final TypeText AFFINE = new TypeText(4, true, """
            # once
            """ + MASKS + """
            FloatVector evenZero = FloatVector.fromArray(FLOATS, masks.evenZero, 0);
            FloatVector oddZero = FloatVector.fromArray(FLOATS, masks.oddZero, 0);
            IntVector offsetMask = IntVector.fromArray(INTS, masks.offsetMask, 0);
            IntVector noOffset = IntVector.fromArray(INTS, masks.noOffset, 0);
            int parts = masks.parts;
            int turns = WeightType.GROUP / 4 / parts;
            long offsetsAt = masks.offsetsAt;
            # parts
             * parts
            # turns
            turns
            # scalesat
            g * (PackedMatrix.LANE_BYTES + offsetsAt)
            # group
            FloatVector d$c = {floatscales};
            FloatVector o$c = {offsets}.and(offsetMask).or(noOffset).reinterpretAsFloats();
            """ + LANES + """
            # column 0
            w$c.and(evenMask).or(evenExponent).reinterpretAsFloats().sub(evenZero).fma(d$c, o$c)
            # column 1
            w$c.and(oddMask).or(oddExponent).reinterpretAsFloats().sub(oddZero).fma(d$c, o$c)
            # column 2
            w$c = w$c.lanewise(VectorOperators.ROR, pair);
            w$c.and(evenMask).or(evenExponent).reinterpretAsFloats().sub(evenZero).fma(d$c, o$c)
            # column 3
            w$c.and(oddMask).or(oddExponent).reinterpretAsFloats().sub(oddZero).fma(d$c, o$c)
            """);

    /** Whether columns come in groups with a scale. */
    boolean grouped() {
        return text.contains("# group\n");
    }

    /** The sections by name, empty where there are none; of a column {@code before0} and {@code weight0}. */
    Map<String, String> pieces() {
        Map<String, String> pieces =
                new HashMap<>(Map.of("once", "", "group", "", "turn", "", "load", "", "parts", ""));
        for (String section : text.split("(?m)^# ")) {
            List<String> lines = section.lines().toList();
            if (lines.isEmpty()) {
                continue;
            }
            String name = lines.getFirst();
            List<String> body = lines.subList(1, lines.size());
            if (name.startsWith("column ")) {
                String number = name.substring("column ".length());
                pieces.put("before" + number, String.join("\n", body.subList(0, body.size() - 1)));
                pieces.put("weight" + number, body.getLast());
            } else {
                pieces.put(name, String.join("\n", body));
            }
        }
        pieces.put("columns", String.valueOf(columns));
        pieces.put("bytes", String.valueOf(64 / columns));
        return pieces;
    }
}
