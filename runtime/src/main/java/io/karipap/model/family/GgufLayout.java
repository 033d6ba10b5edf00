package io.karipap.model.family;

import io.karipap.model.config.BlockNorm;
import io.karipap.model.config.Linear;
import io.karipap.model.config.TensorNames;
import java.util.Map;
import java.util.Optional;

/**
 * How llama.cpp stores a family.
 *
 * @param architecture value of {@code general.architecture}, and what the names of the hyperparameters begin with
 * @param names of the tensors
 * @param interleaved whether rows of queries and keys lie in pairs that turn together, where Hugging Face's layout pairs the first half of
 *     a head with the second
 */
public record GgufLayout(String architecture, TensorNames names, boolean interleaved) {
    /** The names of a block's norms are given, all else is the same for every family. */
    static GgufLayout of(String architecture, boolean interleaved, Map<BlockNorm, String> norms) {
        return new GgufLayout(
                architecture,
                new TensorNames(
                        "token_embd.weight",
                        Optional.empty(),
                        "output_norm",
                        "output.weight",
                        "blk.#.",
                        Map.of(
                                Linear.Q, "attn_q",
                                Linear.K, "attn_k",
                                Linear.V, "attn_v",
                                Linear.O, "attn_output",
                                Linear.GATE, "ffn_gate",
                                Linear.UP, "ffn_up",
                                Linear.DOWN, "ffn_down"),
                        norms),
                interleaved);
    }
}
