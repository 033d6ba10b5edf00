package io.karipap.model;

import io.karipap.format.ModelFormatException;
import io.karipap.format.ModelSource;
import io.karipap.format.Tensor;
import io.karipap.format.TensorStore;
import io.karipap.kernels.KernelChoice;
import io.karipap.kernels.WeightMemory;
import io.karipap.kernels.WeightType;
import io.karipap.kernels.WorkerTeam;
import io.karipap.model.config.BlockNorm;
import io.karipap.model.config.Linear;
import io.karipap.model.config.ModelConfig;
import io.karipap.model.config.OperatorShape;
import io.karipap.model.config.TensorNames;
import io.karipap.model.family.Families;
import io.karipap.model.family.Fields;
import io.karipap.network.Contraction;
import io.karipap.network.ContractionGroup;
import io.karipap.network.MergingPlanner;
import io.karipap.network.NetworkFile;
import io.karipap.network.PackedSites;
import io.karipap.network.RowLookup;
import io.karipap.network.Site;
import io.karipap.network.TensorNetwork;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Loads a model from a Hugging Face directory, or from a Karipap directory, which has a {@code network.json} besides. */
public final class ModelLoader {
    private final String description;
    private final ModelConfig config;
    private final TensorNames names;
    private final TensorStore store;
    private final Map<String, TensorNetwork> networks;
    private final PackedSites sites;
    private final Progress progress;
    private final Set<String> used = new HashSet<>();
    private final long totalBytes;
    private long packedBytes;

    private ModelLoader(
            String description,
            ModelConfig config,
            TensorStore store,
            Map<String, TensorNetwork> networks,
            WeightMemory memory,
            WorkerTeam team,
            WeightType type,
            Progress progress) {
        this.description = description;
        this.config = config;
        this.names = config.names();
        this.store = store;
        this.sites = new PackedSites(type, memory, team);
        this.progress = progress;
        this.totalBytes =
                store.tensors().values().stream().mapToLong(Tensor::bytes).sum();
        this.networks = networks;
    }

    /**
     * Reads only the shape of a model.
     *
     * @throws ModelFormatException if the config is malformed or not supported
     */
    public static ModelConfig readConfig(ModelSource source) throws IOException {
        return Families.read(Fields.parse(source.describe("config.json"), source.read("config.json")));
    }

    /**
     * Opens the tensors of a model, brought into the form and under the names that its {@code config} gives.
     *
     * @param config as {@link #readConfig} gives it
     * @throws IOException if a file cannot be read
     * @throws ModelFormatException if a file is missing or malformed
     */
    public static TensorStore open(ModelSource source, ModelConfig config) throws IOException {
        TensorStore files = TensorStore.open(source);
        try {
            return files.arranged(tensors -> Families.of(config).arrange(tensors, config));
        } catch (Throwable t) {
            files.close();
            throw t;
        }
    }

    /**
     * Reads the networks of a Karipap directory; none for a dense model.
     *
     * @throws ModelFormatException if the file is malformed
     */
    public static Map<String, TensorNetwork> networks(ModelSource source) throws IOException {
        if (!source.has(NetworkFile.NAME)) {
            return Map.of();
        }
        try {
            return NetworkFile.parse(source.describe(NetworkFile.NAME), source.read(NetworkFile.NAME))
                    .operators();
        } catch (IllegalArgumentException e) {
            throw new ModelFormatException(e.getMessage(), e);
        }
    }

    /**
     * Loads a model.
     *
     * @param kernels what computes
     * @param threads how many threads work on a step
     * @throws IOException if a file cannot be read
     * @throws ModelFormatException if a file is malformed, or tensors are missing, of the wrong shape or too many
     */
    public static Transformer load(ModelSource source, KernelChoice kernels, int threads) throws IOException {
        return load(source, kernels, threads, null, Progress.NONE);
    }

    /**
     * Loads a model and rounds its operators' weights.
     *
     * @param type type of the operators' weights in memory; null for those that they have in the file
     * @param progress hears how many bytes of the file are packed
     */
    public static Transformer load(
            ModelSource source, KernelChoice kernels, int threads, WeightType type, Progress progress)
            throws IOException {
        ModelConfig config = readConfig(source);
        try (TensorStore store = open(source, config)) {
            return load(source.describe(""), config, store, networks(source), kernels, threads, type, progress);
        }
    }

    /**
     * Loads a model whose parts are at hand. The store may be closed afterwards.
     *
     * @param description the model's name for messages
     * @param store as {@link #open} gives it
     * @param networks operators that are networks, by name; their sites are in the store
     * @throws ModelFormatException if tensors are missing, of the wrong shape or too many
     */
    public static Transformer load(
            String description,
            ModelConfig config,
            TensorStore store,
            Map<String, TensorNetwork> networks,
            KernelChoice kernels,
            int threads,
            WeightType type,
            Progress progress) {
        WeightMemory memory = new WeightMemory();
        WorkerTeam team = new WorkerTeam(threads);
        try {
            TransformerWeights weights =
                    new ModelLoader(description, config, store, networks, memory, team, type, progress).weights();
            // not before: the JIT compiler has the loader to make fast first
            kernels.prepare(
                    type != null
                            ? Set.of(type)
                            : store.tensors().values().stream()
                                    .filter(tensor -> tensor.shape().size() > 1)
                                    .map(Tensor::type)
                                    .collect(Collectors.toSet()));
            return new Transformer(config, weights, memory, kernels, team);
        } catch (Throwable t) {
            team.close();
            memory.close();
            throw t;
        }
    }

    private TransformerWeights weights() {
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
        for (String name : store.tensors().keySet()) {
            if (!used.contains(name)) {
                throw new ModelFormatException(description + " has a tensor \"" + name
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
        return store.require(name, shape);
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
            throw new ModelFormatException(description + " operator \"" + name + "\": " + e.getMessage(), e);
        }
    }

    private RowLookup lookup(String name, int rows, int columns) {
        TensorNetwork network = network(name, rows, columns);
        try {
            return RowLookup.compile(network, tensors(network)::get, sites);
        } catch (IllegalArgumentException e) {
            throw new ModelFormatException(description + " operator \"" + name + "\": " + e.getMessage(), e);
        }
    }

    private TensorNetwork network(String name, int out, int in) {
        TensorNetwork network = networks.get(name);
        if (network == null) {
            return TensorNetwork.dense(name, out, in);
        }
        if (network.out() != out || network.in() != in) {
            throw new ModelFormatException(description + ": operator \"" + name + "\" is " + network.out() + "×"
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
