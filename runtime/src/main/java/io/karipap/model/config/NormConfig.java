package io.karipap.model.config;

import java.util.Set;

/**
 * The norms of a model.
 *
 * @param kind what all of them compute
 * @param epsilon added to the mean square, or the variance
 * @param weightOffset added to a weight of the file (Gemma stores w for a factor of 1 + w)
 * @param places where the blocks have one; there is always one more before the head
 * @param wholeProjection whether those of queries and keys go over all heads together [Q·H] rather than over each one [H]
 */
public record NormConfig(Kind kind, float epsilon, float weightOffset, Set<BlockNorm> places, boolean wholeProjection) {
    /** What a norm computes. */
    public enum Kind {
        /** Root mean square, one weight. */
        RMS,
        /** Mean and variance, weight and bias. */
        LAYER
    }

    public NormConfig {
        places = Set.copyOf(places);
    }
}
