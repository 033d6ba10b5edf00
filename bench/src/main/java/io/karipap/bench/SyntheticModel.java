package io.karipap.bench;

import io.karipap.ansatz.BondGrid;
import io.karipap.directory.AtomicDirectory;
import io.karipap.format.SafetensorsWriter;
import io.karipap.json.Json;
import io.karipap.kernels.WeightType;
import io.karipap.model.ModelConfig;
import io.karipap.model.RopeScaling;
import io.karipap.model.TensorNames;
import io.karipap.model.TensorNames.Linear;
import io.karipap.network.NetworkFile;
import io.karipap.network.TensorNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/**
 * A model of random weights, for measuring speed at real sizes.
 *
 * @param config its shape
 * @param type type of the weights
 * @param ratio parameters stored over those of the dense model; 1 for a dense model, less for low rank in every block
 */
public record SyntheticModel(ModelConfig config, WeightType type, double ratio) {

    /** The shape of Llama 3.2 1B with a vocabulary of 32,000 (1.04 billion parameters), or of another number of blocks. */
    public static ModelConfig llama1b(int layers) {
        return new ModelConfig(
                2048, 8192, layers, 32, 8, 64, 32000, 8192, 1e-5f, 500_000, new RopeScaling.None(), true, false);
    }

    /** Parameters of the dense model. */
    public long denseParameters() {
        long parameters = embedding() + (2L * config.layers() + 1) * config.hiddenSize();
        for (Linear linear : Linear.values()) {
            parameters += (long) config.layers() * linear.out(config) * linear.in(config);
        }
        return parameters;
    }

    private long embedding() {
        return (long) config.vocabularySize() * config.hiddenSize();
    }

    /**
     * Writes a Hugging Face directory, or a Karipap directory where {@link #ratio} is less than 1.
     *
     * @param tokenizer a tokenizer.json to go with it
     * @throws IllegalArgumentException if the ratio leaves nothing for the blocks
     */
    public void write(Path output, Path tokenizer, boolean overwrite) throws IOException {
        Map<String, Integer> ranks = ratio < 1 ? ranks() : Map.of();
        try (AtomicDirectory directory = AtomicDirectory.create(output, overwrite)) {
            Files.copy(tokenizer, directory.path().resolve("tokenizer.json"));
            Files.writeString(directory.path().resolve("config.json"), configJson());
            SafetensorsWriter writer = new SafetensorsWriter();
            Map<String, TensorNetwork> networks = new LinkedHashMap<>();
            matrix(writer, TensorNames.EMBEDDING, config.vocabularySize(), config.hiddenSize());
            for (int layer = 0; layer < config.layers(); layer++) {
                norm(writer, TensorNames.attentionNorm(layer));
                norm(writer, TensorNames.mlpNorm(layer));
                for (Linear linear : Linear.values()) {
                    String name = linear.weight(layer);
                    int out = linear.out(config);
                    int in = linear.in(config);
                    if (ratio < 1) {
                        factored(writer, networks, name, out, in, ranks.get(name));
                    } else {
                        matrix(writer, name, out, in);
                    }
                }
            }
            norm(writer, TensorNames.FINAL_NORM);
            writer.write(directory.path().resolve("model.safetensors"), Map.of("format", "pt"));
            if (ratio < 1) {
                ObjectNode provenance = Json.object().put("source", "random weights");
                Files.write(directory.path().resolve(NetworkFile.NAME), new NetworkFile(networks, provenance).toJson());
            }
            directory.commit();
        }
    }

    /** The rank of every operator of the blocks; what one has too much or too little, the next one gets less or more. */
    private Map<String, Integer> ranks() {
        double dense = denseParameters();
        double share = (ratio * dense - embedding()) / (dense - embedding());
        if (share <= 0) {
            throw new IllegalArgumentException(
                    "a ratio of " + ratio + " leaves nothing for the blocks: the embedding alone is more");
        }
        Map<String, Integer> ranks = new LinkedHashMap<>();
        double owed = 0;
        for (int layer = 0; layer < config.layers(); layer++) {
            for (Linear linear : Linear.values()) {
                int out = linear.out(config);
                int in = linear.in(config);
                owed += share * out * in;
                int rank = Math.max(1, BondGrid.nearest(owed / (out + in), Math.min(out, in)));
                owed -= (double) rank * (out + in);
                ranks.put(linear.weight(layer), rank);
            }
        }
        return ranks;
    }

    private void factored(
            SafetensorsWriter writer, Map<String, TensorNetwork> networks, String name, int out, int in, int rank) {
        TensorNetwork network = TensorNetwork.lowRank(name, out, in, rank);
        matrix(writer, network.sites().get(0).tensor(), out, rank);
        matrix(writer, network.sites().get(1).tensor(), rank, in);
        networks.put(name, network);
    }

    private void matrix(SafetensorsWriter writer, String name, int rows, int columns) {
        writer.add(name, type, List.of(rows, columns), new RandomRows(rows, columns, name.hashCode()));
    }

    private void norm(SafetensorsWriter writer, String name) {
        writer.add(name, WeightType.F32, List.of(config.hiddenSize()), i -> 1f);
    }

    private String configJson() {
        ObjectNode json = Json.object();
        json.putArray("architectures").add("LlamaForCausalLM");
        json.put("model_type", "llama")
                .put("hidden_size", config.hiddenSize())
                .put("intermediate_size", config.intermediateSize())
                .put("num_hidden_layers", config.layers())
                .put("num_attention_heads", config.heads())
                .put("num_key_value_heads", config.kvHeads())
                .put("head_dim", config.headDim())
                .put("vocab_size", config.vocabularySize())
                .put("max_position_embeddings", config.maxPositions())
                .put("rms_norm_eps", config.normEpsilon())
                .put("rope_theta", config.ropeTheta())
                .put("tie_word_embeddings", config.tiedEmbedding())
                .put("hidden_act", "silu");
        return json.toString();
    }
}
