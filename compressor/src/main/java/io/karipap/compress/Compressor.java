package io.karipap.compress;

import io.karipap.ansatz.OperatorNetwork;
import io.karipap.compress.Choice.Option;
import io.karipap.compress.CompressionReport.CellReport;
import io.karipap.directory.AtomicDirectory;
import io.karipap.directory.ModelDirectory;
import io.karipap.directory.ModelSize;
import io.karipap.evaluate.Perplexity;
import io.karipap.format.ModelFormatException;
import io.karipap.format.ModelSource;
import io.karipap.format.TensorStore;
import io.karipap.kernels.KernelChoice;
import io.karipap.kernels.ProcessorCores;
import io.karipap.kernels.choice.KernelProvider;
import io.karipap.linalg.LinearAlgebra;
import io.karipap.model.ModelLoader;
import io.karipap.model.Progress;
import io.karipap.model.Transformer;
import io.karipap.model.config.ModelConfig;
import io.karipap.network.NetworkFile;
import io.karipap.network.TensorNetwork;
import io.karipap.tokenizer.EncodeOptions;
import io.karipap.tokenizer.Tokenizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Turns a dense model directory into a Karipap directory. */
public final class Compressor {
    private static final int WINDOW = 512;

    /** Tokens kept aside from the calibration text to decide by. */
    private static final int MAX_SELECTION_TOKENS = 4096;

    private final Path input;
    private final ModelSource source;
    private final CompressionOptions options;
    private final Progress progress;
    private final ModelConfig config;
    private final Tokenizer tokenizer;
    private final KernelChoice kernels = KernelProvider.choose();
    private final LinearAlgebra algebra;
    private final int threads;
    private final Stages stages = new Stages();

    private Compressor(Path input, CompressionOptions options, Progress progress) throws IOException {
        this.input = input;
        this.source = new ModelSource.Directory(input);
        this.options = options;
        this.progress = progress;
        this.config = ModelLoader.readConfig(source);
        this.tokenizer = Tokenizer.load(input);
        this.algebra = options.algebra().open();
        this.threads = ProcessorCores.orAll(options.threads());
    }

    /**
     * Compresses {@code input} into the new directory {@code output}, which appears whole or not at all. Started again after a crash, it goes
     * on with what lies in {@link CompressionOptions#work}.
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

    /**
     * The operators of a dense model with the metric of what flows into them on the calibration text.
     *
     * @param each receives them one by one
     * @throws IOException if a file cannot be read or written
     * @throws ModelFormatException if the model is malformed or compressed already
     */
    public static void measure(
            Path input, CompressionOptions options, Progress progress, Consumer<MeasuredOperator> each)
            throws IOException {
        Compressor compressor = new Compressor(input, options, progress);
        compressor.requireDense();
        try (TensorStore store = ModelLoader.open(compressor.source, compressor.config)) {
            int[] ids = compressor.calibrationTokens()[0];
            WorkFiles files = compressor.workFiles(Provenance.weightsHash(input), ids.length);
            Calibration calibration = Calibration.measure(
                    compressor.config, compressor::dense, compressor.kernels, ids, WINDOW, files, progress);
            for (Operator operator :
                    DenseModel.of(compressor.config, store, calibration, ids).all()) {
                each.accept(new MeasuredOperator(
                        operator.name(),
                        operator.place() == null ? -1 : operator.place().layer(),
                        operator.weights(),
                        operator.metric()));
            }
        }
    }

    private WorkFiles workFiles(String sourceHash, int tokens) throws IOException {
        return new WorkFiles(options.work().resolve(Provenance.key(sourceHash, options.calibrationText(), tokens)));
    }

    private void requireDense() {
        if (source.has(NetworkFile.NAME)) {
            throw new ModelFormatException(input + " is a Karipap directory already, expected a dense model");
        }
    }

    /** The calibration text: moments are measured on the first part, decisions made by the second. */
    private int[][] calibrationTokens() {
        int[] ids = tokenizer.encode(options.calibrationText(), EncodeOptions.PARSED);
        int total = Math.min(ids.length, options.maxCalibrationTokens());
        int aside = Math.min(MAX_SELECTION_TOKENS, total / 8);
        return new int[][] {Arrays.copyOf(ids, total - aside), Arrays.copyOfRange(ids, total - aside, total)};
    }

    private Transformer dense() {
        try {
            return ModelLoader.load(source, kernels, threads);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + input, e);
        }
    }

    private CompressionReport run(Path output) throws IOException {
        requireDense();
        try (TensorStore store = ModelLoader.open(source, config)) {
            int[][] ids = calibrationTokens();
            String sourceHash = stages.run("hash", () -> Provenance.weightsHash(input));
            WorkFiles files = workFiles(sourceHash, ids[0].length);
            Calibration calibration = stages.run(
                    "calibrate",
                    () -> Calibration.measure(config, this::dense, kernels, ids[0], WINDOW, files, progress));
            Perplexity before = stages.run("evaluate", () -> {
                try (Transformer model = dense()) {
                    return evaluate(model, "evaluate dense");
                }
            });
            DenseModel model = DenseModel.of(config, store, calibration, ids[0]);
            CellCosts costs = new CellCosts(files, algebra, Arrays.asList(options.type()));
            stages.run("factor", () -> {
                factor(model, costs);
                return null;
            });
            CandidateModel judge = new CandidateModel(store, config, kernels, threads, ids[1], WINDOW);
            Sensitivities sensitivities = new Sensitivities(costs, judge, progress);
            DenseModel weighed =
                    stages.run("sensitivities", () -> sensitivities.measure(model, options.sensitivities()));
            SiteBuilder builder = new SiteBuilder(weighed, algebra, progress);
            BudgetChoice choice = new BudgetChoice(
                    options, weighed, costs, judge, sensitivities::denseNats, builder, stages, progress);
            List<Option> chosen = choice.choose(store);
            Map<String, OperatorNetwork> built = stages.run("build sites", () -> builder.build(chosen, "build sites"));
            List<CellReport> cells = chosen.stream()
                    .map(option -> new CellReport(
                            option.operators(), option.label(), option.parameters(), error(option, weighed, built)))
                    .toList();
            stages.run("write", () -> {
                ModelWriter.write(output, store, chosen, built);
                return null;
            });
            Map<String, TensorNetwork> networks = new LinkedHashMap<>();
            built.forEach((name, network) -> networks.put(name, network.network()));
            NetworkFile network =
                    new NetworkFile(networks, Provenance.begin(sourceHash, options, ids[0].length, cells));
            ModelDirectory.copyMetadata(input, output);
            ModelDirectory.writeNetwork(output, network);
            CompressionReport report = stages.run("evaluate", () -> measure(output, store, before, cells));
            ModelDirectory.writeNetwork(
                    output, new NetworkFile(network.operators(), Provenance.finish(network.provenance(), report)));
            return new CompressionReport(
                    report.sizeBefore(), report.sizeAfter(), before, report.after(), cells, stages.durations());
        }
    }

    private CompressionReport measure(Path output, TensorStore store, Perplexity before, List<CellReport> cells)
            throws IOException {
        ModelSource written = new ModelSource.Directory(output);
        try (TensorStore compressed = ModelLoader.open(written, config);
                Transformer model = ModelLoader.load(written, kernels, threads)) {
            Perplexity after = evaluate(model, "evaluate compressed");
            return new CompressionReport(
                    ModelSize.of(store), ModelSize.of(compressed), before, after, cells, stages.durations());
        }
    }

    private Perplexity evaluate(Transformer model, String stage) {
        int[] ids = tokenizer.encode(options.evaluationText(), EncodeOptions.PARSED);
        long total = Math.min(ids.length, options.maxEvaluationTokens());
        return Perplexity.measure(
                model, ids, WINDOW, total, done -> progress.report(stage, Math.min(done, total), total));
    }

    /** The error that was promised, or, where none was, that of the sites. */
    private double error(Option option, DenseModel model, Map<String, OperatorNetwork> built) {
        if (!Double.isNaN(option.error())) {
            return option.error();
        }
        return model.all().stream()
                .filter(operator -> option.operators().contains(operator.name()))
                .mapToDouble(operator -> operator.metric()
                        .error(operator.weights(), built.get(operator.name()).dense(algebra), algebra))
                .average()
                .orElseThrow();
    }

    /** The low rank of every operator: all else starts from it. */
    private void factor(DenseModel model, CellCosts costs) {
        List<Operator> all = model.all();
        for (int i = 0; i < all.size(); i++) {
            costs.lowRank(all.get(i));
            progress.report("factor", i + 1, all.size());
        }
    }
}
