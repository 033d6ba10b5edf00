package io.karipap.generate;

/**
 * How tokens that have occurred are made less probable.
 *
 * @param repetition divides positive and multiplies negative logits of tokens in the prompt or the text (Keskar et al., arXiv 1909.05858);
 *     1 for none
 * @param presence taken from the logits of tokens in the text so far
 * @param frequency taken from the logits of tokens for every time that they occur in the text so far
 */
public record Penalties(double repetition, double presence, double frequency) {
    public static final Penalties NONE = new Penalties(1, 0, 0);

    /** @throws IllegalArgumentException if a value is out of range; the message names it */
    public Penalties {
        SamplingOptions.check(
                repetition > 0 && repetition <= 10, "repetition_penalty", repetition, "above 0, up to 10");
        SamplingOptions.check(Math.abs(presence) <= 2, "presence_penalty", presence, "-2..2");
        SamplingOptions.check(Math.abs(frequency) <= 2, "frequency_penalty", frequency, "-2..2");
    }
}
