package io.karipap.model.config;

/**
 * Attention as all blocks have it.
 *
 * @param heads Q
 * @param kvHeads G; each serves Q/G query heads
 * @param headDim H
 * @param scale factor on every score
 * @param softCap c, which makes a score s of c·tanh(s/c); 0 where there is none
 */
public record AttentionConfig(int heads, int kvHeads, int headDim, float scale, float softCap) {
    /** Scaled by 1/√H, without a cap. */
    public static AttentionConfig of(int heads, int kvHeads, int headDim) {
        return new AttentionConfig(heads, kvHeads, headDim, (float) (1 / Math.sqrt(headDim)), 0);
    }
}
