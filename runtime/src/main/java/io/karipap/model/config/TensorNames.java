package io.karipap.model.config;

import java.util.Map;
import java.util.Optional;

/**
 * Names of a model's tensors, asked for by what a tensor does.
 *
 * @param embedding [V, D]
 * @param positions [maxPositions, D], where the model has learned them
 * @param finalNorm name of the norm before the head, to which {@code .weight} belongs
 * @param head [V, D], where it is not the embedding
 * @param block what the names of a block's tensors begin with, {@code #} for its number
 * @param linears of a block's operators, to which {@code .weight} and {@code .bias} belong
 * @param norms of a block's norms, likewise
 */
public record TensorNames(
        String embedding,
        Optional<String> positions,
        String finalNorm,
        String head,
        String block,
        Map<Linear, String> linears,
        Map<BlockNorm, String> norms) {
    public TensorNames {
        linears = Map.copyOf(linears);
        norms = Map.copyOf(norms);
    }

    /** Name of the weight matrix of {@code linear} in block {@code layer}. */
    public String weight(Linear linear, int layer) {
        return inBlock(layer, linears.get(linear)) + ".weight";
    }

    /** Name of the bias of {@code linear} in block {@code layer}, where it has one. */
    public String bias(Linear linear, int layer) {
        return inBlock(layer, linears.get(linear)) + ".bias";
    }

    /** Name of the weight of a norm in block {@code layer}. */
    public String norm(BlockNorm norm, int layer) {
        return inBlock(layer, norms.get(norm)) + ".weight";
    }

    /** Name of the bias of a norm in block {@code layer}, where it has one. */
    public String normBias(BlockNorm norm, int layer) {
        return inBlock(layer, norms.get(norm)) + ".bias";
    }

    /** Name of the weight of the norm before the head. */
    public String finalNormWeight() {
        return finalNorm + ".weight";
    }

    /** Name of the bias of the norm before the head, where it has one. */
    public String finalNormBias() {
        return finalNorm + ".bias";
    }

    private String inBlock(int layer, String part) {
        return block.replace("#", Integer.toString(layer)) + part;
    }
}
