package io.karipap.model;

import java.util.ArrayList;
import java.util.List;

/** Names of the tensors of a Llama-family model in the Hugging Face layout. */
public final class TensorNames {
    public static final String EMBEDDING = "model.embed_tokens.weight";
    public static final String FINAL_NORM = "model.norm.weight";
    public static final String HEAD = "lm_head.weight";

    private TensorNames() {}

    /** Linear operators of a block. */
    public enum Linear {
        Q("self_attn.q_proj", ActivationObserver.Input.ATTENTION),
        K("self_attn.k_proj", ActivationObserver.Input.ATTENTION),
        V("self_attn.v_proj", ActivationObserver.Input.ATTENTION),
        O("self_attn.o_proj", ActivationObserver.Input.ATTENTION_OUTPUT),
        GATE("mlp.gate_proj", ActivationObserver.Input.MLP),
        UP("mlp.up_proj", ActivationObserver.Input.MLP),
        DOWN("mlp.down_proj", ActivationObserver.Input.MLP_OUTPUT);

        private final String module;
        private final ActivationObserver.Input input;

        Linear(String module, ActivationObserver.Input input) {
            this.module = module;
            this.input = input;
        }

        /** What flows into it. */
        public ActivationObserver.Input input() {
            return input;
        }

        /** Name of its weight matrix in block {@code layer}. */
        public String weight(int layer) {
            return "model.layers." + layer + "." + module + ".weight";
        }

        /** Name of its bias in block {@code layer}, where there are biases. */
        public String bias(int layer) {
            return "model.layers." + layer + "." + module + ".bias";
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

    /** Name of the norm before the attention of block {@code layer}. */
    public static String attentionNorm(int layer) {
        return "model.layers." + layer + ".input_layernorm.weight";
    }

    /** Name of the norm before the MLP of block {@code layer}. */
    public static String mlpNorm(int layer) {
        return "model.layers." + layer + ".post_attention_layernorm.weight";
    }

    /** Names of all weight matrices of the blocks, in order. */
    public static List<String> blockWeights(ModelConfig config) {
        List<String> names = new ArrayList<>();
        for (int layer = 0; layer < config.layers(); layer++) {
            for (Linear linear : Linear.values()) {
                names.add(linear.weight(layer));
            }
        }
        return names;
    }
}
