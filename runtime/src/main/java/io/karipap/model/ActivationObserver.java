package io.karipap.model;

import io.karipap.kernels.Rows;

/** Looks at what flows into the operators of a model: how calibration measures their input moments. */
@FunctionalInterface
public interface ActivationObserver {
    /** A place where an activation flows into one operator or several. */
    enum Input {
        /** Into q, k and v. */
        ATTENTION,
        /** Into o. */
        ATTENTION_OUTPUT,
        /** Into gate and up. */
        MLP,
        /** Into down. */
        MLP_OUTPUT,
        /** Into the output head. */
        HEAD
    }

    /**
     * @param layer block, or the number of blocks for the head
     * @param x activations [M, width]
     */
    void observe(int layer, Input input, Rows x, int rows, int width);
}
