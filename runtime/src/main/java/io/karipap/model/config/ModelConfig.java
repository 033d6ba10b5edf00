package io.karipap.model.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What a model computes, and what its tensors are called. Built by a family, from which on nobody asks which family it was. */
public final class ModelConfig {
    private final String modelType;
    private final TensorNames names;
    private final int hiddenSize;
    private final int intermediateSize;
    private final int vocabularySize;
    private final int maxPositions;
    private final int positionTable;
    private final AttentionConfig attention;
    private final List<LayerConfig> layers;
    private final NormConfig norms;
    private final MlpConfig mlp;
    private final Set<Linear> biases;
    private final Multipliers multipliers;
    private final boolean tiedEmbedding;

    ModelConfig(ModelConfigBuilder from) {
        modelType = from.modelType;
        names = from.names;
        hiddenSize = from.hiddenSize;
        intermediateSize = from.intermediateSize;
        vocabularySize = from.vocabularySize;
        maxPositions = from.maxPositions;
        positionTable = from.positionTable;
        attention = from.attention;
        layers = List.copyOf(from.layers);
        norms = from.norms;
        mlp = from.mlp;
        biases = Set.copyOf(from.biases);
        multipliers = from.multipliers;
        tiedEmbedding = from.tiedEmbedding;
    }

    /**
     * The same for sequences of another length at most. Frequencies that depend on it ({@link RopeScaling.LongRope},
     * {@link RopeScaling.Dynamic}) change for all positions.
     *
     * @throws IllegalArgumentException if {@code positions} is less than 1 or more than a table of learned positions has
     */
    public ModelConfig withContext(int positions) {
        if (positions < 1 || positions().isPresent() && positions > positionTable) {
            throw new IllegalArgumentException(
                    "a context of " + positions + " is not possible, expected 1.." + positionTable);
        }
        ModelConfigBuilder builder = new ModelConfigBuilder(this);
        builder.maxPositions = positions;
        return builder.build();
    }

    /** What the files call the family. */
    public String modelType() {
        return modelType;
    }

    /** Names of the tensors. */
    public TensorNames names() {
        return names;
    }

    /** D. */
    public int hiddenSize() {
        return hiddenSize;
    }

    /** F. */
    public int intermediateSize() {
        return intermediateSize;
    }

    /** V. */
    public int vocabularySize() {
        return vocabularySize;
    }

    /** Context length in tokens. */
    public int maxPositions() {
        return maxPositions;
    }

    /** The longest context that the model has been made for, which may be more than it is opened with. */
    public int longestContext() {
        return positionTable;
    }

    /** Attention as all blocks have it. */
    public AttentionConfig attention() {
        return attention;
    }

    /** Q. */
    public int heads() {
        return attention.heads();
    }

    /** G; each serves Q/G query heads. */
    public int kvHeads() {
        return attention.kvHeads();
    }

    /** H. */
    public int headDim() {
        return attention.headDim();
    }

    /** Transformer blocks. */
    public int layers() {
        return layers.size();
    }

    /** What differs between the blocks. */
    public LayerConfig layer(int layer) {
        return layers.get(layer);
    }

    /** The different ways in which blocks turn queries and keys, in the order in which they come. */
    public List<Rope> ropes() {
        return layers.stream()
                .flatMap(layer -> layer.rope().stream())
                .distinct()
                .toList();
    }

    public NormConfig norms() {
        return norms;
    }

    public MlpConfig mlp() {
        return mlp;
    }

    /** The operators that have a bias. */
    public Set<Linear> biases() {
        return biases;
    }

    public Multipliers multipliers() {
        return multipliers;
    }

    /** The table of learned positions, if there is one. */
    public Optional<OperatorShape> positions() {
        return names.positions().map(name -> new OperatorShape(name, positionTable, hiddenSize));
    }

    /** Whether the output head is the embedding. */
    public boolean tiedEmbedding() {
        return tiedEmbedding;
    }

    /** The operators of a block, in order. */
    public List<Linear> linears() {
        return Stream.of(Linear.values())
                .filter(linear -> linear != Linear.GATE || mlp.gated())
                .toList();
    }

    /** Name of the matrix that makes logits. */
    public String head() {
        return tiedEmbedding ? names.embedding() : names.head();
    }

    /** All matrices that may be networks: the embedding, those of the blocks in order, and the head where it is one of its own. */
    public List<OperatorShape> operators() {
        List<OperatorShape> operators = new ArrayList<>();
        operators.add(new OperatorShape(names.embedding(), vocabularySize, hiddenSize));
        for (int layer = 0; layer < layers(); layer++) {
            for (Linear linear : linears()) {
                operators.add(operator(linear, layer));
            }
        }
        if (!tiedEmbedding) {
            operators.add(new OperatorShape(names.head(), vocabularySize, hiddenSize));
        }
        return operators;
    }

    /** The matrix of {@code linear} in block {@code layer}. */
    public OperatorShape operator(Linear linear, int layer) {
        return new OperatorShape(names.weight(linear, layer), linear.out(this), linear.in(this));
    }

    /** All norms and biases: of every block the norms in order and the biases in order, and the norm before the head. */
    public List<VectorShape> vectors() {
        List<VectorShape> vectors = new ArrayList<>();
        boolean normBias = norms.kind() == NormConfig.Kind.LAYER;
        for (int layer = 0; layer < layers(); layer++) {
            for (BlockNorm norm : BlockNorm.values()) {
                if (norms.places().contains(norm)) {
                    vectors.add(new VectorShape(names.norm(norm, layer), width(norm)));
                    if (normBias) {
                        vectors.add(new VectorShape(names.normBias(norm, layer), width(norm)));
                    }
                }
            }
            for (Linear linear : linears()) {
                if (biases.contains(linear)) {
                    vectors.add(new VectorShape(names.bias(linear, layer), linear.out(this)));
                }
            }
        }
        vectors.add(new VectorShape(names.finalNormWeight(), hiddenSize));
        if (normBias) {
            vectors.add(new VectorShape(names.finalNormBias(), hiddenSize));
        }
        return vectors;
    }

    /** How many components a norm's weight has. */
    public int width(BlockNorm norm) {
        return switch (norm) {
            case QUERY -> norms.wholeProjection() ? heads() * headDim() : headDim();
            case KEY -> norms.wholeProjection() ? kvHeads() * headDim() : headDim();
            case BEFORE_ATTENTION, AFTER_ATTENTION, BEFORE_MLP, AFTER_MLP -> hiddenSize;
        };
    }
}
