package io.karipap.train;

import io.karipap.format.ModelSource;
import io.karipap.format.SafetensorsWriter;
import io.karipap.format.TensorStore;
import io.karipap.json.Json;
import io.karipap.kernels.WeightRows;
import io.karipap.kernels.WeightType;
import io.karipap.model.ModelLoader;
import io.karipap.model.config.Linear;
import io.karipap.model.config.ModelConfig;
import io.karipap.network.NetworkFile;
import io.karipap.network.TensorNetwork;
import io.karipap.operator.OperatorNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.bytedeco.pytorch.global.torch.ScalarType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A model that is trained.
 *
 * @param config its shape
 * @param compressed operators that are networks; all others are matrices
 * @param layout where its tensors lie in the vector of weights
 * @param weights what they hold at first [P]
 * @param provenance where it comes from
 */
@SuppressWarnings("ArrayRecordComponent")
record Trainee(
        ModelConfig config,
        Map<String, TensorNetwork> compressed,
        ParameterLayout layout,
        float[] weights,
        JsonNode provenance) {

    /**
     * Reads a model.
     *
     * @param directory Hugging Face or Karipap directory, or GGUF file
     * @param type what matrices and sites are to be stored as; null for what they are
     */
    static Trainee read(Path directory, WeightType type) throws IOException {
        ModelSource source = ModelSource.of(directory);
        ModelConfig config = ModelLoader.readConfig(source);
        JsonNode provenance = Json.object();
        Map<String, TensorNetwork> compressed = ModelLoader.networks(source);
        if (source.has(NetworkFile.NAME)) {
            provenance = NetworkFile.parse(source.describe(NetworkFile.NAME), source.read(NetworkFile.NAME))
                    .provenance();
        }
        try (TensorStore store = ModelLoader.open(source, config)) {
            ParameterLayout layout = ParameterLayout.of(config, TorchTransformer.networks(config, compressed), name -> {
                io.karipap.format.Tensor tensor = store.tensors().get(name);
                return tensor == null || type != null && tensor.shape().size() > 1 ? type : tensor.fileType();
            });
            return new Trainee(config, compressed, layout, layout.read(store), provenance);
        }
    }

    /**
     * A model of random weights: matrices normal with variance 2/(5·D), those that write to the residual stream less by the number of
     * their sums (Nguyen and Salazar, arXiv 1910.05895; GPT-2); norms one; networks such that their product has that variance.
     *
     * @param type what matrices and sites are stored as; norms and biases are BF16
     */
    static Trainee random(ModelConfig config, Map<String, TensorNetwork> compressed, WeightType type, long seed) {
        Map<String, TensorNetwork> networks = TorchTransformer.networks(config, compressed);
        ParameterLayout layout =
                ParameterLayout.of(config, networks, _ -> WeightType.BF16).matricesAs(type);
        Random random = new Random(seed);
        Map<String, double[]> drawn = new HashMap<>();
        Set<String> writers = new HashSet<>();
        for (int layer = 0; layer < config.layers(); layer++) {
            writers.add(config.names().weight(Linear.O, layer));
            writers.add(config.names().weight(Linear.DOWN, layer));
        }
        double variance = 2.0 / (5 * config.hiddenSize());
        for (TensorNetwork network : networks.values()) {
            boolean residual = writers.contains(network.operator());
            OperatorNetwork.random(network, residual ? variance / (2 * config.layers()) : variance, random)
                    .tensors()
                    .forEach(drawn::putIfAbsent);
        }
        float[] weights = new float[layout.size()];
        int at = 0;
        for (TrainedTensor tensor : layout.tensors()) {
            double[] values = drawn.get(tensor.name());
            float vector =
                    tensor.name().endsWith(".bias") ? 0 : 1 - config.norms().weightOffset();
            for (int i = 0; i < tensor.size(); i++) {
                weights[at + i] = values != null
                        ? (float) values[i]
                        : tensor.isVector() ? vector : (float) (Math.sqrt(variance) * random.nextGaussian());
            }
            at += tensor.size();
        }
        return new Trainee(config, compressed, layout, weights, Json.object());
    }

    /**
     * Its forward pass.
     *
     * @param length T
     * @param passes what it computes in
     */
    TorchTransformer model(int length, ScalarType passes) {
        return new TorchTransformer(config, TorchTransformer.networks(config, compressed), length, passes);
    }

    /** The same, its tensors stored as other types. */
    Trainee with(ParameterLayout other) {
        return new Trainee(config, compressed, other, weights, provenance);
    }

    /**
     * Writes weights, and the networks if there are any.
     *
     * @param trained weights [P]
     * @param training what was done
     */
    void write(Path directory, float[] trained, JsonNode training) throws IOException {
        SafetensorsWriter writer = new SafetensorsWriter();
        int at = 0;
        for (TrainedTensor tensor : layout.tensors()) {
            float[] values = Arrays.copyOfRange(trained, at, at + tensor.size());
            int columns = tensor.shape().getLast();
            writer.add(
                    tensor.name(),
                    tensor.type(),
                    tensor.shape(),
                    WeightRows.of(values.length / columns, columns, values));
            at += values.length;
        }
        writer.write(directory.resolve("model.safetensors"), Map.of("format", "pt"));
        if (compressed.isEmpty()) {
            Files.write(directory.resolve("training.json"), Json.prettyBytes(training));
        } else {
            ObjectNode all = (ObjectNode) provenance.deepCopy();
            all.set("training", training);
            Files.write(directory.resolve(NetworkFile.NAME), new NetworkFile(compressed, all).toJson());
        }
    }
}
