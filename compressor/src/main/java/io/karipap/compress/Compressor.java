package io.karipap.compress;

import io.karipap.compress.CompressionReport.OperatorReport;
import io.karipap.format.ModelFormatException;
import io.karipap.format.ModelSource;
import io.karipap.format.SafetensorsWriter;
import io.karipap.format.Tensor;
import io.karipap.format.TensorStore;
import io.karipap.kernels.KernelProvider;
import io.karipap.kernels.Kernels;
import io.karipap.kernels.WeightType;
import io.karipap.model.Llama;
import io.karipap.model.LlamaConfig;
import io.karipap.model.LlamaLoader;
import io.karipap.model.LlamaNames.Linear;
import io.karipap.model.Perplexity;
import io.karipap.model.Progress;
import io.karipap.network.NetworkFile;
import io.karipap.network.TensorNetwork;
import io.karipap.tokenizer.EncodeOptions;
import io.karipap.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;

/** Turns a dense model directory into a Karipap directory. */
public final class Compressor {
    private static final int WINDOW = 512;

    private final Path input;
    private final ModelSource source;
    private final CompressionOptions options;
    private final Progress progress;
    private final LlamaConfig config;
    private final Tokenizer tokenizer;
    private final Kernels kernels = KernelProvider.choose();
    private final int threads;

    private Compressor(Path input, CompressionOptions options, Progress progress) throws IOException {
        this.input = input;
        this.source = new ModelSource.Directory(input);
        this.options = options;
        this.progress = progress;
        this.config = LlamaLoader.readConfig(source);
        this.tokenizer = Tokenizer.load(input);
        this.threads =
                options.threads() > 0 ? options.threads() : Runtime.getRuntime().availableProcessors();
    }

    /** A linear operator of the model, with all its factorisations. */
    private record Factored(String name, Linear linear, WeightType type, WhitenedLowRank lowRank) {}

    /**
     * Compresses {@code input} into the new directory {@code output}, which appears whole or not at all.
     *
     * @throws IOException if a file cannot be read or written
     * @throws ModelFormatException if the model is malformed, not supported or compressed already
     * @throws IllegalArgumentException if the budget cannot be met
     */
    public static CompressionReport compress(Path input, Path output, CompressionOptions options, Progress progress)
            throws IOException {
        try (AtomicDirectory directory = AtomicDirectory.create(output, options.overwrite())) {
            CompressionReport report = new Compressor(input, options, progress).run(directory.path());
            directory.commit();
            return report;
        }
    }

    private CompressionReport run(Path output) throws IOException {
        long start = System.nanoTime();
        if (source.has(NetworkFile.NAME)) {
            throw new ModelFormatException(input + " is a Karipap directory already, expected a dense model");
        }
        try (TensorStore store = TensorStore.open(source)) {
            ModelSize sizeBefore = ModelSize.of(store);
            SecondMoments moments;
            Perplexity before;
            try (Llama dense = LlamaLoader.load(source, kernels, threads)) {
                int[] ids = tokenizer.encode(options.calibrationText(), EncodeOptions.PARSED);
                ids = Arrays.copyOf(ids, Math.min(ids.length, options.maxCalibrationTokens()));
                moments = SecondMoments.measure(dense, kernels, ids, WINDOW, progress);
                before = evaluate(dense, "evaluate dense");
            }
            List<Factored> factored = factor(store, moments);
            int[] ranks = ranks(factored, sizeBefore.parameters());
            List<OperatorReport> operators = write(output, store, factored, ranks);
            NetworkFile network =
                    new NetworkFile(networks(operators), Provenance.begin(input, options, moments.tokens(), operators));
            ModelDirectory.copyMetadata(input, output);
            ModelDirectory.writeNetwork(output, network);
            ModelSource written = new ModelSource.Directory(output);
            Perplexity after;
            ModelSize sizeAfter;
            try (TensorStore compressed = TensorStore.open(written);
                    Llama model = LlamaLoader.load(written, kernels, threads)) {
                sizeAfter = ModelSize.of(compressed);
                after = evaluate(model, "evaluate compressed");
            }
            CompressionReport report = new CompressionReport(
                    sizeBefore, sizeAfter, before, after, operators, Duration.ofNanos(System.nanoTime() - start));
            ModelDirectory.writeNetwork(
                    output, new NetworkFile(network.operators(), Provenance.finish(network.provenance(), report)));
            return report;
        }
    }

    private Perplexity evaluate(Llama model, String stage) {
        int[] ids = tokenizer.encode(options.evaluationText(), EncodeOptions.PARSED);
        long total = Math.min(ids.length, options.maxEvaluationTokens());
        return Perplexity.measure(
                model, ids, WINDOW, total, done -> progress.report(stage, Math.min(done, total), total));
    }

    private List<Factored> factor(TensorStore store, SecondMoments moments) {
        Linear[] linears = Linear.values();
        int count = config.layers() * linears.length;
        AtomicInteger done = new AtomicInteger();
        return IntStream.range(0, count)
                .parallel()
                .mapToObj(i -> {
                    int layer = i / linears.length;
                    Linear linear = linears[i % linears.length];
                    String name = linear.weight(layer);
                    Tensor tensor = store.require(name, List.of(linear.out(config), linear.in(config)));
                    DMatrixRMaj w = new DMatrixRMaj(linear.out(config), linear.in(config));
                    for (int e = 0; e < w.data.length; e++) {
                        w.data[e] = tensor.get(e);
                    }
                    WhitenedLowRank lowRank = WhitenedLowRank.of(w, moments.of(layer, linear.input()));
                    progress.report("factor", done.incrementAndGet(), count);
                    return new Factored(name, linear, tensor.type(), lowRank);
                })
                .toList();
    }

    private int[] ranks(List<Factored> factored, long denseParameters) {
        return switch (options.budget()) {
            case Budget.FullRank full ->
                factored.stream().mapToInt(f -> f.lowRank().fullRank()).toArray();
            case Budget.ParameterRatio ratio -> {
                List<RankAllocation.Candidate> candidates =
                        factored.stream().map(this::candidate).toList();
                long inOperators = candidates.stream()
                        .mapToLong(c -> c.parameters(c.fullRank()))
                        .sum();
                long fixed = denseParameters - inOperators;
                long budget = Math.round(ratio.ratio() * denseParameters) - fixed;
                try {
                    yield RankAllocation.allocate(candidates, budget);
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException(
                            "a parameter ratio of " + ratio.ratio() + " cannot be met: embeddings and norms take "
                                    + fixed + " of " + denseParameters + " parameters, and " + e.getMessage(),
                            e);
                }
            }
        };
    }

    private RankAllocation.Candidate candidate(Factored factored) {
        double[] discarded = new double[factored.lowRank().fullRank() + 1];
        for (int rank = 0; rank < discarded.length; rank++) {
            discarded[rank] = factored.lowRank().discardedWeight(rank);
        }
        return new RankAllocation.Candidate(
                factored.linear().out(config), factored.linear().in(config), discarded);
    }

    /** Whether an operator of that rank keeps its matrix: at full rank, unless the point is to factor it all the same. */
    private boolean staysDense(Factored factored, int rank) {
        return rank == factored.lowRank().fullRank() && !(options.budget() instanceof Budget.FullRank);
    }

    private List<OperatorReport> write(Path output, TensorStore store, List<Factored> factored, int[] ranks)
            throws IOException {
        SafetensorsWriter writer = new SafetensorsWriter();
        Map<String, Integer> position = new LinkedHashMap<>();
        for (int i = 0; i < ranks.length; i++) {
            position.put(factored.get(i).name(), i);
        }
        List<OperatorReport> operators = new ArrayList<>();
        for (Tensor tensor : store.tensors().values()) {
            Integer i = position.get(tensor.name());
            if (i == null) {
                writer.add(tensor);
                continue;
            }
            Factored f = factored.get(i);
            int rank = ranks[i];
            int out = f.linear().out(config);
            int in = f.linear().in(config);
            if (staysDense(f, rank)) {
                writer.add(tensor);
                operators.add(new OperatorReport(f.name(), out, in, 0, 0));
                continue;
            }
            WeightType type = options.siteType() != null ? options.siteType() : f.type();
            TensorNetwork network = TensorNetwork.lowRank(f.name(), out, in, rank);
            float[] left = f.lowRank().leftSite(rank);
            float[] right = f.lowRank().rightSite(rank);
            writer.add(network.sites().get(0).tensor(), type, List.of(out, rank), e -> left[(int) e]);
            writer.add(network.sites().get(1).tensor(), type, List.of(rank, in), e -> right[(int) e]);
            operators.add(
                    new OperatorReport(f.name(), out, in, rank, f.lowRank().discardedWeight(rank)));
        }
        writer.write(output.resolve("model.safetensors"), Map.of("format", "pt"));
        return operators;
    }

    private static Map<String, TensorNetwork> networks(List<OperatorReport> operators) {
        Map<String, TensorNetwork> networks = new LinkedHashMap<>();
        for (OperatorReport operator : operators) {
            if (operator.bond() > 0) {
                networks.put(
                        operator.name(),
                        TensorNetwork.lowRank(operator.name(), operator.out(), operator.in(), operator.bond()));
            }
        }
        return networks;
    }
}
