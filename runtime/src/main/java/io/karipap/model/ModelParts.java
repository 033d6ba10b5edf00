package io.karipap.model;

import io.karipap.format.ModelFormatException;
import io.karipap.format.ModelSource;
import io.karipap.format.TensorStore;
import io.karipap.model.config.ModelConfig;
import io.karipap.network.TensorNetwork;
import java.io.IOException;
import java.util.Map;

/**
 * What a model is loaded from.
 *
 * @param description the model's name for messages
 * @param config what it computes
 * @param store its tensors, as {@link ModelLoader#open} gives them; sites of networks among them
 * @param networks operators that are networks, by name
 */
public record ModelParts(String description, ModelConfig config, TensorStore store, Map<String, TensorNetwork> networks)
        implements AutoCloseable {
    /**
     * The parts of a stored model.
     *
     * @throws IOException if a file cannot be read
     * @throws ModelFormatException if a file is malformed
     */
    public static ModelParts open(ModelSource source) throws IOException {
        ModelConfig config = ModelLoader.readConfig(source);
        Map<String, TensorNetwork> networks = ModelLoader.networks(source);
        return new ModelParts(source.describe(""), config, ModelLoader.open(source, config), networks);
    }

    @Override
    public void close() {
        store.close();
    }
}
