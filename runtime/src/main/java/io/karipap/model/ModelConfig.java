package io.karipap.model;

/**
 * Shape of a Llama-family model, by the names of its {@code config.json}.
 *
 * @param hiddenSize D
 * @param intermediateSize F
 * @param layers transformer blocks
 * @param heads Q
 * @param kvHeads G; each serves Q/G query heads
 * @param headDim H
 * @param vocabularySize V
 * @param maxPositions context length in tokens
 * @param normEpsilon added to the mean square in RMSNorm
 * @param ropeTheta base of the rotary frequencies
 * @param ropeScaling how those are stretched
 * @param tiedEmbedding whether the output head is the embedding
 * @param attentionBias whether q, k and v have biases (Qwen 2)
 */
public record ModelConfig(
        int hiddenSize,
        int intermediateSize,
        int layers,
        int heads,
        int kvHeads,
        int headDim,
        int vocabularySize,
        int maxPositions,
        float normEpsilon,
        double ropeTheta,
        RopeScaling ropeScaling,
        boolean tiedEmbedding,
        boolean attentionBias) {
    /** Radians per position by which component {@code i} of a head, in [0, H/2), turns with component i + H/2. */
    public double ropeFrequency(int i) {
        return ropeScaling.scale(Math.pow(ropeTheta, -2.0 * i / headDim));
    }
}
