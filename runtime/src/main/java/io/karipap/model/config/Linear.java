package io.karipap.model.config;

/** Linear operators of a block. A model without a gate has no {@link #GATE}: see {@link ModelConfig#linears}. */
public enum Linear {
    Q(Input.ATTENTION),
    K(Input.ATTENTION),
    V(Input.ATTENTION),
    O(Input.ATTENTION_OUTPUT),
    GATE(Input.MLP),
    UP(Input.MLP),
    DOWN(Input.MLP_OUTPUT);

    private final Input input;

    Linear(Input input) {
        this.input = input;
    }

    /** What flows into it. */
    public Input input() {
        return input;
    }

    /** Output features. */
    public int out(ModelConfig c) {
        return switch (this) {
            case Q -> c.heads() * c.headDim();
            case K, V -> c.kvHeads() * c.headDim();
            case O, DOWN -> c.hiddenSize();
            case GATE, UP -> c.intermediateSize();
        };
    }

    /** Input features. */
    public int in(ModelConfig c) {
        return switch (this) {
            case Q, K, V, GATE, UP -> c.hiddenSize();
            case O -> c.heads() * c.headDim();
            case DOWN -> c.intermediateSize();
        };
    }
}
