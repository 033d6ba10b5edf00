package io.karipap.budget;

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

    /**
     * Stored bytes of all tensors, scales included; operators are stored as 8- or 4-bit codes.
     *
     * @param bytes at least 1
     */
    record Bytes(long bytes) implements Budget {
        /** @throws IllegalArgumentException if the number is not positive */
        public Bytes {
            if (bytes < 1) {
                throw new IllegalArgumentException("the budget is " + bytes + " bytes, expected at least 1");
            }
        }
    }

    /**
     * The smallest model whose perplexity, on a part of the calibration text that is kept aside, is not more than this above the dense
     * model's.
     *
     * @param share 0.05 for five percent
     */
    record PerplexityIncrease(double share) implements Budget {
        /** @throws IllegalArgumentException if the share is not positive */
        public PerplexityIncrease {
            if (!(share > 0)) {
                throw new IllegalArgumentException("the perplexity may rise by " + share + ", expected more than 0");
            }
        }
    }
}
