package io.karipap.model;

import io.karipap.format.ModelFormatException;
import io.karipap.format.Tensor;
import io.karipap.model.config.BlockNorm;
import io.karipap.model.config.Linear;
import io.karipap.model.config.ModelConfig;
import io.karipap.model.config.OperatorShape;
import io.karipap.model.config.TensorNames;
import io.karipap.network.Contraction;
import io.karipap.network.ContractionGroup;
import io.karipap.network.MergingPlanner;
import io.karipap.network.PackedSites;
import io.karipap.network.RowLookup;
import io.karipap.network.Site;
import io.karipap.network.TensorNetwork;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Puts the parts of a model together: packs its operators, reads norms and biases, and refuses what is left over. */
final class ModelAssembly {
    private final ModelParts parts;
    private final ModelConfig config;
    private final TensorNames names;
    private final PackedSites sites;
    private final Progress progress;
    private final Set<String> used = new HashSet<>();
    private final long totalBytes;
    private long packedBytes;

    /**
     * @param sites where operators are packed
     * @param progress hears how many bytes of the files are packed
     */
    ModelAssembly(ModelParts parts, PackedSites sites, Progress progress) {
        this.parts = parts;
        this.config = parts.config();
        this.names = config.names();
        this.sites = sites;
        this.progress = progress;
        this.totalBytes = parts.store().tensors().values().stream()
                .mapToLong(Tensor::bytes)
                .sum();
    }

    /** @throws ModelFormatException if tensors are missing, of the wrong shape or too many */
    TransformerWeights weights() {
        int vocabulary = config.vocabularySize();
        Contraction head = operator(config.head(), vocabulary, config.hiddenSize());
        RowLookup embedding = lookup(names.embedding(), vocabulary, config.hiddenSize());
        Optional<RowLookup> positions = config.positions().map(table -> lookup(table.name(), table.out(), table.in()));
        List<TransformerBlock> blocks = new ArrayList<>();
        for (int layer = 0; layer < config.layers(); layer++) {
            blocks.add(block(layer));
        }
        Norm finalNorm = norm(names.finalNormWeight(), names.finalNormBias(), config.hiddenSize());
        refuseOthers();
        return new TransformerWeights(embedding, positions, blocks, finalNorm, head);
    }

    private void refuseOthers() {
        for (String name : parts.store().tensors().keySet()) {
            if (!used.contains(name)) {
                throw new ModelFormatException(parts.description() + " has a tensor \"" + name
                        + "\", which a model of its config.json does not have; expected one without");
            }
        }
    }

    private TransformerBlock block(int layer) {
        float residual = config.multipliers().residual();
        Projection mlpIn =
                config.mlp().gated() ? projection(layer, Linear.GATE, Linear.UP) : projection(layer, Linear.UP);
        return new TransformerBlock(
                new HalfBlock(
                        norm(BlockNorm.BEFORE_ATTENTION, layer),
                        new AttentionPart(
                                layer,
                                projection(layer, Linear.Q, Linear.K, Linear.V),
                                norm(BlockNorm.QUERY, layer),
                                norm(BlockNorm.KEY, layer),
                                projection(layer, Linear.O)),
                        norm(BlockNorm.AFTER_ATTENTION, layer),
                        residual),
                new HalfBlock(
                        norm(BlockNorm.BEFORE_MLP, layer),
                        new MlpPart(layer, config.mlp(), mlpIn, projection(layer, Linear.DOWN)),
                        norm(BlockNorm.AFTER_MLP, layer),
                        residual));
    }

    private Projection projection(int layer, Linear... linears) {
        List<Contraction> contractions = new ArrayList<>();
        float[][] biases = new float[linears.length][];
        for (int i = 0; i < linears.length; i++) {
            OperatorShape operator = config.operator(linears[i], layer);
            contractions.add(operator(operator.name(), operator.out(), operator.in()));
            biases[i] = config.biases().contains(linears[i])
                    ? vector(names.bias(linears[i], layer), operator.out())
                    : new float[0];
        }
        return new Projection(new ContractionGroup(contractions), biases);
    }

    private Optional<Norm> norm(BlockNorm place, int layer) {
        return config.norms().places().contains(place)
                ? Optional.of(norm(names.norm(place, layer), names.normBias(place, layer), config.width(place)))
                : Optional.empty();
    }

    private Norm norm(String weightName, String biasName, int width) {
        float[] weight = vector(weightName, width);
        for (int i = 0; i < width; i++) {
            weight[i] += config.norms().weightOffset();
        }
        return switch (config.norms().kind()) {
            case RMS -> new Norm.Rms(weight, config.norms().epsilon());
            case LAYER ->
                new Norm.Layer(weight, vector(biasName, width), config.norms().epsilon());
        };
    }

    private float[] vector(String name, int size) {
        return require(name, List.of(size)).toFloats();
    }

    private Tensor require(String name, List<Integer> shape) {
        used.add(name);
        return parts.store().require(name, shape);
    }

    private Contraction operator(String name, int out, int in) {
        TensorNetwork network = network(name, out, in);
        Map<String, Tensor> tensors = tensors(network);
        try {
            Contraction contraction = Contraction.compile(MergingPlanner.plan(network), tensors::get, sites);
            packedBytes += tensors.values().stream().mapToLong(Tensor::bytes).sum();
            progress.report("load weights", Math.min(packedBytes, totalBytes), totalBytes);
            return contraction;
        } catch (IllegalArgumentException e) {
            throw new ModelFormatException(parts.description() + " operator \"" + name + "\": " + e.getMessage(), e);
        }
    }

    private RowLookup lookup(String name, int rows, int columns) {
        TensorNetwork network = network(name, rows, columns);
        try {
            return RowLookup.compile(network, tensors(network)::get, sites);
        } catch (IllegalArgumentException e) {
            throw new ModelFormatException(parts.description() + " operator \"" + name + "\": " + e.getMessage(), e);
        }
    }

    private TensorNetwork network(String name, int out, int in) {
        TensorNetwork network = parts.networks().get(name);
        if (network == null) {
            return TensorNetwork.dense(name, out, in);
        }
        if (network.out() != out || network.in() != in) {
            throw new ModelFormatException(parts.description() + ": operator \"" + name + "\" is " + network.out() + "×"
                    + network.in() + ", expected " + out + "×" + in);
        }
        return network;
    }

    private Map<String, Tensor> tensors(TensorNetwork network) {
        Map<String, Tensor> tensors = new HashMap<>();
        for (Site site : network.sites()) {
            tensors.put(site.tensor(), require(site.tensor(), network.shape(site)));
        }
        return tensors;
    }
}
