package io.karipap.model.config;

/**
 * Factors on the way through a model.
 *
 * @param embedding on a looked up row
 * @param residual on what a half block adds to the residual stream
 * @param logits on the logits
 * @param logitSoftCap c, which makes a logit x of c·tanh(x/c) afterwards; 0 where there is none
 */
public record Multipliers(float embedding, float residual, float logits, float logitSoftCap) {
    /** Of a model without any. */
    public static final Multipliers NONE = new Multipliers(1, 1, 1, 0);
}
