package io.karipap.model.config;

import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** Puts a {@link ModelConfig} together. What has no default must be given. */
public final class ModelConfigBuilder {
    final String modelType;
    final TensorNames names;
    int hiddenSize;
    int intermediateSize;
    int vocabularySize;
    int maxPositions;
    int positionTable;
    AttentionConfig attention;
    List<LayerConfig> layers = List.of();
    NormConfig norms;
    MlpConfig mlp = new MlpConfig(MlpConfig.Activation.SILU, true);
    Set<Linear> biases = Set.of();
    Multipliers multipliers = Multipliers.NONE;
    boolean tiedEmbedding;

    /**
     * @param modelType what the files call the family
     * @param names of the tensors
     */
    public ModelConfigBuilder(String modelType, TensorNames names) {
        this.modelType = modelType;
        this.names = names;
    }

    /** A copy, to be changed. */
    ModelConfigBuilder(ModelConfig from) {
        this(from.modelType(), from.names());
        sizes(from.hiddenSize(), from.intermediateSize(), from.vocabularySize(), from.maxPositions());
        positionTable = from.longestContext();
        attention = from.attention();
        layers = IntStream.range(0, from.layers()).mapToObj(from::layer).toList();
        norms = from.norms();
        mlp = from.mlp();
        biases = from.biases();
        multipliers = from.multipliers();
        tiedEmbedding = from.tiedEmbedding();
    }

    /**
     * @param hidden D
     * @param intermediate F
     * @param vocabulary V
     * @param positions context length in tokens
     */
    public ModelConfigBuilder sizes(int hidden, int intermediate, int vocabulary, int positions) {
        hiddenSize = hidden;
        intermediateSize = intermediate;
        vocabularySize = vocabulary;
        maxPositions = positions;
        positionTable = positions;
        return this;
    }

    public ModelConfigBuilder attention(AttentionConfig value) {
        attention = value;
        return this;
    }

    /** One for every block, in order. */
    public ModelConfigBuilder layers(List<LayerConfig> value) {
        layers = value;
        return this;
    }

    public ModelConfigBuilder norms(NormConfig value) {
        norms = value;
        return this;
    }

    /** SiLU with a gate where nothing is said. */
    public ModelConfigBuilder mlp(MlpConfig value) {
        mlp = value;
        return this;
    }

    /** The operators that have a bias; none where nothing is said. */
    public ModelConfigBuilder biases(Set<Linear> value) {
        biases = value;
        return this;
    }

    /** None where nothing is said. */
    public ModelConfigBuilder multipliers(Multipliers value) {
        multipliers = value;
        return this;
    }

    /** Whether the output head is the embedding; not where nothing is said. */
    public ModelConfigBuilder tiedEmbedding(boolean value) {
        tiedEmbedding = value;
        return this;
    }

    public ModelConfig build() {
        return new ModelConfig(this);
    }
}
