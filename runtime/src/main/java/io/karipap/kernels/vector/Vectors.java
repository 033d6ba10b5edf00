package io.karipap.kernels.vector;

import io.karipap.kernels.Exponential;
import io.karipap.kernels.PackedMatrix;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** The machine's preferred vectors, 4 to 16 floats long, and what several kernels need of them. */
final class Vectors {
    static final VectorSpecies<Float> FLOATS = species();
    static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, FLOATS.vectorShape());
    static final int LANES = FLOATS.length();

    /** Added to the magnitude of a binary16 shifted to the place of a binary32: the difference of their exponent biases. */
    static final int HALF_REBIAS = 127 - 15 << 23;

    private Vectors() {}

    private static VectorSpecies<Float> species() {
        int lanes = Math.clamp(FloatVector.SPECIES_PREFERRED.length(), 4, PackedMatrix.PANEL);
        return switch (lanes) {
            case 4 -> FloatVector.SPECIES_128;
            case 8 -> FloatVector.SPECIES_256;
            default -> FloatVector.SPECIES_512;
        };
    }

    /** {@code out[i] = exp(in[i])}, as {@link Exponential#exp}, for {@code count} elements, a multiple of the lanes. */
    static void exp(float[] in, int inAt, float[] out, int outAt, int count) {
        for (int i = 0; i < count; i += LANES) {
            FloatVector x = FloatVector.fromArray(FLOATS, in, inAt + i);
            VectorMask<Float> zero = x.compare(VectorOperators.LT, Exponential.MIN);
            FloatVector clamped = x.min(Exponential.MAX).max(Exponential.MIN);
            FloatVector shifted = clamped.fma(
                    FloatVector.broadcast(FLOATS, Exponential.LOG2_E),
                    FloatVector.broadcast(FLOATS, Exponential.ROUND));
            FloatVector n = shifted.sub(Exponential.ROUND);
            FloatVector r = n.fma(FloatVector.broadcast(FLOATS, -Exponential.LN2_HIGH), clamped);
            r = n.fma(FloatVector.broadcast(FLOATS, -Exponential.LN2_LOW), r);
            FloatVector p =
                    r.fma(FloatVector.broadcast(FLOATS, Exponential.C7), FloatVector.broadcast(FLOATS, Exponential.C6));
            p = p.fma(r, FloatVector.broadcast(FLOATS, Exponential.C5));
            p = p.fma(r, FloatVector.broadcast(FLOATS, Exponential.C4));
            p = p.fma(r, FloatVector.broadcast(FLOATS, Exponential.C3));
            p = p.fma(r, FloatVector.broadcast(FLOATS, Exponential.C2));
            p = p.fma(r, FloatVector.broadcast(FLOATS, 1f));
            p = p.fma(r, FloatVector.broadcast(FLOATS, 1f));
            FloatVector power = shifted.reinterpretAsInts()
                    .add(127 - Exponential.ROUND_BITS)
                    .lanewise(VectorOperators.LSHL, 23)
                    .reinterpretAsFloats();
            p.mul(power).blend(0f, zero).intoArray(out, outAt + i);
        }
    }
}
