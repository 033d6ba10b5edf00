package io.karipap.train;

import io.karipap.kernels.WeightType;

/** What the matrices and sites of a healed model are stored as. */
public sealed interface Storage {
    /** Every tensor as it was. */
    record AsItIs() implements Storage {}

    /** All alike. */
    record OneType(WeightType type) implements Storage {}

    /**
     * 8 and 4 bits, so mixed that the file has a size; norms and biases as they were.
     *
     * @param bytes of all tensors, scales included, at most
     */
    record Within(long bytes) implements Storage {}
}
