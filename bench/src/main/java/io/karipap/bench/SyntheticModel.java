package io.karipap.bench;

import io.karipap.ansatz.BondGrid;
import io.karipap.directory.AtomicDirectory;
import io.karipap.format.SafetensorsWriter;
import io.karipap.json.Json;
import io.karipap.kernels.WeightType;
import io.karipap.model.config.ModelConfig;
import io.karipap.model.config.OperatorShape;
import io.karipap.model.config.VectorShape;
import io.karipap.model.family.Families;
import io.karipap.model.family.Fields;
import io.karipap.network.NetworkFile;
import io.karipap.network.TensorNetwork;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/**
 * A model of random weights, for measuring speed at real sizes.
 *
 * @param json its {@code config.json}
 * @param config what that says
 * @param type type of the weights
 * @param ratio parameters stored over those of the dense model; 1 for a dense model, less for low rank in every block
 */
public record SyntheticModel(String json, ModelConfig config, WeightType type, double ratio) {

    /**
     * A model of any family.
     *
     * @param json its {@code config.json}
     * @throws io.karipap.format.ModelFormatException if that is malformed or not supported
     */
    public static SyntheticModel of(String json, WeightType type, double ratio) {
        Fields fields = Fields.parse("config.json", json.getBytes(StandardCharsets.UTF_8));
        return new SyntheticModel(json, Families.read(fields), type, ratio);
    }

    /** The shape of Llama 3.2 1B with a vocabulary of 32,000 (1.04 billion parameters), or of another number of blocks. */
    public static String llama1b(int layers) {
        ObjectNode json = Json.object();
        json.putArray("architectures").add("LlamaForCausalLM");
        json.put("model_type", "llama")
                .put("hidden_size", 2048)
                .put("intermediate_size", 8192)
                .put("num_hidden_layers", layers)
                .put("num_attention_heads", 32)
                .put("num_key_value_heads", 8)
                .put("head_dim", 64)
                .put("vocab_size", 32000)
                .put("max_position_embeddings", 8192)
                .put("rms_norm_eps", 1e-5)
                .put("rope_theta", 500_000)
                .put("tie_word_embeddings", true)
                .put("hidden_act", "silu");
        return json.toString();
    }

    /** Parameters of the dense model. */
    public long denseParameters() {
        return config.operators().stream().mapToLong(SyntheticModel::parameters).sum()
                + config.vectors().stream().mapToLong(VectorShape::size).sum();
    }

    private static long parameters(OperatorShape operator) {
        return (long) operator.out() * operator.in();
    }

    /** Whether an operator looks up or makes tokens: those stay dense. */
    private boolean ofTokens(OperatorShape operator) {
        return operator.name().equals(config.names().embedding())
                || operator.name().equals(config.head());
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
            Files.writeString(directory.path().resolve("config.json"), json);
            SafetensorsWriter writer = new SafetensorsWriter();
            Map<String, TensorNetwork> networks = new LinkedHashMap<>();
            for (OperatorShape operator : config.operators()) {
                if (ratio < 1 && !ofTokens(operator)) {
                    factored(writer, networks, operator, ranks.get(operator.name()));
                } else {
                    matrix(writer, operator.name(), operator.out(), operator.in());
                }
            }
            config.positions().ifPresent(table -> matrix(writer, table.name(), table.out(), table.in()));
            for (VectorShape vector : config.vectors()) {
                writer.add(vector.name(), WeightType.F32, List.of(vector.size()), i -> 1f);
            }
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
        List<OperatorShape> blocks = config.operators().stream()
                .filter(operator -> !ofTokens(operator))
                .toList();
        double embedding = config.operators().stream()
                .filter(this::ofTokens)
                .mapToLong(SyntheticModel::parameters)
                .sum();
        double share = (ratio * dense - embedding) / (dense - embedding);
        if (share <= 0) {
            throw new IllegalArgumentException(
                    "a ratio of " + ratio + " leaves nothing for the blocks: the embedding alone is more");
        }
        Map<String, Integer> ranks = new LinkedHashMap<>();
        double owed = 0;
        for (OperatorShape operator : blocks) {
            int out = operator.out();
            int in = operator.in();
            owed += share * out * in;
            int rank = Math.max(1, BondGrid.nearest(owed / (out + in), Math.min(out, in)));
            owed -= (double) rank * (out + in);
            ranks.put(operator.name(), rank);
        }
        return ranks;
    }

    private void factored(
            SafetensorsWriter writer, Map<String, TensorNetwork> networks, OperatorShape operator, int rank) {
        TensorNetwork network = TensorNetwork.lowRank(operator.name(), operator.out(), operator.in(), rank);
        matrix(writer, network.sites().get(0).tensor(), operator.out(), rank);
        matrix(writer, network.sites().get(1).tensor(), rank, operator.in());
        networks.put(operator.name(), network);
    }

    private void matrix(SafetensorsWriter writer, String name, int rows, int columns) {
        writer.add(name, type, List.of(rows, columns), new RandomRows(rows, columns, name.hashCode()));
    }
}
