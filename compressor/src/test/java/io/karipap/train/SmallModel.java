package io.karipap.train;

import io.karipap.ansatz.BlockLattice;
import io.karipap.directory.ModelDirectory;
import io.karipap.format.ModelSource;
import io.karipap.kernels.WeightType;
import io.karipap.model.ModelLoader;
import io.karipap.model.config.ModelConfig;
import io.karipap.network.Index;
import io.karipap.network.Leg;
import io.karipap.network.Site;
import io.karipap.network.TensorNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.JsonNodeFactory;

/** A random model that is small and has everything: biases, a head of its own, grouped heads, networks of several forms. */
final class SmallModel {
    private static final String JSON = """
            {"model_type": "qwen2", "hidden_size": 48, "intermediate_size": 80, "num_hidden_layers": 2,
             "num_attention_heads": 6, "num_key_value_heads": 2, "head_dim": 8, "vocab_size": 4096,
             "max_position_embeddings": 128, "rms_norm_eps": 1e-5, "rope_theta": 10000.0,
             "tie_word_embeddings": false, "eos_token_id": 4093}
            """;

    private SmallModel() {}

    /** Low rank, a lattice of blocks, a chain of two sites with a leg of its own each, and a site shared by two blocks. */
    static Map<String, TensorNetwork> networks() {
        Map<String, TensorNetwork> networks = new LinkedHashMap<>();
        put(networks, TensorNetwork.lowRank("model.embed_tokens.weight", 4096, 48, 10));
        put(networks, BlockLattice.network("model.layers.0.mlp.up_proj.weight", 80, 48, 4, 6));
        put(
                networks,
                new TensorNetwork(
                        "model.layers.1.self_attn.q_proj.weight",
                        List.of(
                                new Index("o0", 6, Leg.OUT),
                                new Index("o1", 8, Leg.OUT),
                                new Index("i0", 8, Leg.IN),
                                new Index("i1", 6, Leg.IN),
                                new Index("b", 5, Leg.BOND)),
                        List.of(
                                new Site("chain.first", List.of("o0", "i0", "b")),
                                new Site("chain.second", List.of("b", "o1", "i1")))));
        for (int layer = 0; layer < 2; layer++) {
            put(
                    networks,
                    new TensorNetwork(
                            "model.layers." + layer + ".mlp.down_proj.weight",
                            List.of(
                                    new Index("o", 48, Leg.OUT),
                                    new Index("i", 80, Leg.IN),
                                    new Index("r", 7, Leg.BOND)),
                            List.of(
                                    new Site("down." + layer, List.of("o", "r")),
                                    new Site("down.shared", List.of("r", "i")))));
        }
        return networks;
    }

    private static void put(Map<String, TensorNetwork> networks, TensorNetwork network) {
        networks.put(network.operator(), network);
    }

    /** Writes a random model with the tokenizer of the bundled one. */
    static Trainee write(Path directory, WeightType type, long seed) throws IOException {
        Files.createDirectories(directory);
        ModelDirectory.copyMetadata(Path.of("models/tales"), directory);
        Files.writeString(directory.resolve("config.json"), JSON);
        ModelConfig config = ModelLoader.readConfig(new ModelSource.Directory(directory));
        Trainee trainee = Trainee.random(config, networks(), type, seed);
        float[] weights = trainee.weights().clone();
        for (int i = 0; i < weights.length; i++) {
            weights[i] *= 1.5f; // so that attention looks at something
        }
        trainee.write(directory, weights, JsonNodeFactory.instance.objectNode());
        return trainee;
    }
}
