package io.karipap.model;

import io.karipap.format.ModelFormatException;
import io.karipap.format.ModelSource;
import io.karipap.format.Tensor;
import io.karipap.format.TensorStore;
import io.karipap.kernels.KernelChoice;
import io.karipap.kernels.WeightMemory;
import io.karipap.kernels.WeightType;
import io.karipap.kernels.WorkerTeam;
import io.karipap.model.TensorNames.Linear;
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
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Loads a model from a Hugging Face directory, or from a Karipap directory, which has a {@code network.json} besides. */
public final class ModelLoader {
    private final String description;
    private final ModelConfig config;
    private final TensorStore store;
    private final Map<String, TensorNetwork> networks;
    private final PackedSites sites;
    private final Progress progress;
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
        return ConfigReader.read(source.describe("config.json"), source.read("config.json"));
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
     * @throws ModelFormatException if a file is malformed, or tensors are missing or of the wrong shape
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
        try (TensorStore store = TensorStore.open(source)) {
            return load(
                    source.describe(""), readConfig(source), store, networks(source), kernels, threads, type, progress);
        }
    }

    /**
     * Loads a model whose parts are at hand. The store may be closed afterwards.
     *
     * @param description the model's name for messages
     * @param networks operators that are networks, by name; their sites are in the store
     * @throws ModelFormatException if tensors are missing or of the wrong shape
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
        Contraction head = operator(
                config.tiedEmbedding() ? TensorNames.EMBEDDING : TensorNames.HEAD, vocabulary, config.hiddenSize());
        RowLookup embedding = lookup(TensorNames.EMBEDDING, vocabulary, config.hiddenSize());
        List<TransformerBlock> blocks = new ArrayList<>();
        for (int layer = 0; layer < config.layers(); layer++) {
            blocks.add(block(layer));
        }
        return new TransformerWeights(embedding, blocks, vector(TensorNames.FINAL_NORM, config.hiddenSize()), head);
    }

    private TransformerBlock block(int layer) {
        return new TransformerBlock(
                vector(TensorNames.attentionNorm(layer), config.hiddenSize()),
                operators(layer, Linear.Q, Linear.K, Linear.V),
                config.attentionBias() ? biases(layer, Linear.Q, Linear.K, Linear.V) : new float[0][],
                operators(layer, Linear.O),
                vector(TensorNames.mlpNorm(layer), config.hiddenSize()),
                operators(layer, Linear.GATE, Linear.UP),
                operators(layer, Linear.DOWN));
    }

    private ContractionGroup operators(int layer, Linear... linears) {
        List<Contraction> contractions = new ArrayList<>();
        for (Linear linear : linears) {
            contractions.add(operator(linear.weight(layer), linear.out(config), linear.in(config)));
        }
        return new ContractionGroup(contractions);
    }

    private float[][] biases(int layer, Linear... linears) {
        float[][] biases = new float[linears.length][];
        for (int i = 0; i < linears.length; i++) {
            biases[i] = vector(linears[i].bias(layer), linears[i].out(config));
        }
        return biases;
    }

    private float[] vector(String name, int size) {
        return store.require(name, List.of(size)).toFloats();
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
            tensors.put(site.tensor(), store.require(site.tensor(), network.shape(site)));
        }
        return tensors;
    }
}
