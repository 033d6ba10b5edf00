package io.karipap.model;

import io.karipap.kernels.Rows;
import java.util.Optional;

/**
 * Half of a transformer block, {@code x += multiplier · after(part(before(x)))}, with the norms that the model has.
 *
 * @param before norm of what flows in
 * @param part attention or MLP
 * @param after norm of what comes out
 * @param multiplier 1 where the model has none
 */
record HalfBlock(Optional<Norm> before, Part part, Optional<Norm> after, float multiplier) {
    /** What a half block computes. */
    interface Part {
        /** Writes to {@link Activations#half}, which may be {@code x}. */
        void compute(Step step, Rows x);
    }

    void apply(Step step) {
        Activations a = step.activations;
        if (before.isPresent()) {
            step.norm(before.get(), a.residual, a.half);
            part.compute(step, a.half);
        } else {
            part.compute(step, a.residual);
        }
        if (after.isPresent()) {
            step.norm(after.get(), a.half, a.half);
        }
        if (multiplier != 1) {
            step.kernels.scale(a.half.data(), 0, step.rows * a.half.stride(), multiplier);
        }
        step.kernels.add(a.half.data(), 0, a.residual.data(), 0, step.rows * a.residual.stride());
    }
}
