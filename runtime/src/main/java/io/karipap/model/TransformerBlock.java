package io.karipap.model;

/** A transformer block: attention, then the MLP, each beside the residual stream. */
record TransformerBlock(HalfBlock attention, HalfBlock mlp) {
    void apply(Step step) {
        attention.apply(step);
        mlp.apply(step);
    }
}
