package io.karipap.compress;

/** How small the model shall become. */
public sealed interface Budget {
    /**
     * Stored parameters of all tensors over those of the dense model: embeddings included, a tied one counted once.
     *
     * @param ratio above 0, at most 1
     */
    record ParameterRatio(double ratio) implements Budget {
        /** @throws IllegalArgumentException if the ratio is out of range */
        public ParameterRatio {
            if (!(ratio > 0 && ratio <= 1)) {
                throw new IllegalArgumentException(
                        "the parameter ratio is " + ratio + ", expected above 0 and at most 1");
            }
        }
    }

    /** Every operator factored at full rank: nothing is lost and nothing saved. For tests of the representation. */
    record FullRank() implements Budget {}
}
