package io.karipap.model;

import io.karipap.kernels.Rows;
import io.karipap.model.config.Input;

/** Looks at what flows into the operators of a model: how calibration measures their input moments. */
@FunctionalInterface
public interface ActivationObserver {
    /**
     * @param layer block, or the number of blocks for the head
     * @param x activations [M, width]
     */
    void observe(int layer, Input input, Rows x, int rows, int width);
}
