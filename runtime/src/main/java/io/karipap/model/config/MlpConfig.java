package io.karipap.model.config;

/**
 * The MLP of a model: down(f(gate(x)) ⊙ up(x)), or down(f(up(x))) where it has no gate.
 *
 * @param activation f
 */
public record MlpConfig(Activation activation, boolean gated) {
    public MlpConfig {
        if (activation == Activation.SILU && !gated) {
            throw new IllegalArgumentException("an MLP with SiLU has a gate");
        }
    }

    /** Functions of one number. */
    public enum Activation {
        /** x / (1 + e^−x). */
        SILU,
        /** x·Φ(x), by the tanh that approximates it (Hendrycks &amp; Gimpel, arXiv 1606.08415). */
        GELU_TANH
    }
}
