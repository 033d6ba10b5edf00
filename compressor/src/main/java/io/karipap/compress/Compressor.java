package io.karipap.compress;

import io.karipap.ansatz.Metric;
import io.karipap.ansatz.OperatorNetwork;
import io.karipap.compress.Choice.Option;
import io.karipap.compress.CompressionReport.CellReport;
import io.karipap.format.ModelFormatException;
import io.karipap.format.ModelSource;
import io.karipap.format.SafetensorsWriter;
import io.karipap.format.Tensor;
import io.karipap.format.TensorRows;
import io.karipap.format.TensorStore;
import io.karipap.kernels.KernelProvider;
import io.karipap.kernels.Kernels;
import io.karipap.kernels.WeightRows;
import io.karipap.kernels.WeightType;
import io.karipap.linalg.LinearAlgebra;
import io.karipap.linalg.Matrix;
import io.karipap.model.ActivationObserver.Input;
import io.karipap.model.Llama;
import io.karipap.model.LlamaConfig;
import io.karipap.model.LlamaLoader;
import io.karipap.model.LlamaNames;
import io.karipap.model.LlamaNames.Linear;
import io.karipap.model.Perplexity;
import io.karipap.model.Progress;
import io.karipap.network.NetworkFile;
import io.karipap.network.Site;
import io.karipap.network.TensorNetwork;
import io.karipap.tokenizer.EncodeOptions;
import io.karipap.tokenizer.Tokenizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Turns a dense model directory into a Karipap directory. */
public final class Compressor {
    private static final int WINDOW = 512;

    /** Tokens kept aside from the calibration text to decide by. */
    private static final int MAX_SELECTION_TOKENS = 4096;

    /** What an operator loses when its sensitivity is measured. */
    private static final double PROBE_ERROR = 0.25;

    /** Share of the mean in the sensitivity of an operator of a block: a measurement on a short text may be near zero by chance. */
    private static final double SHRINKAGE = 0.2;

    /** Sensitivity of an embedding over that of an operator of a block where none is measured; on {@code tales} it is about that. */
    private static final double EMBEDDING_SENSITIVITY = 100;

    private final Path input;
    private final ModelSource source;
    private final CompressionOptions options;
    private final Progress progress;
    private final LlamaConfig config;
    private final Tokenizer tokenizer;
    private final Kernels kernels = KernelProvider.choose();
    private final LinearAlgebra algebra;
    private final int threads;
    private final Map<String, Duration> stages = new LinkedHashMap<>();

    private Compressor(Path input, CompressionOptions options, Progress progress) throws IOException {
        this.input = input;
        this.source = new ModelSource.Directory(input);
        this.options = options;
        this.progress = progress;
        this.config = LlamaLoader.readConfig(source);
        this.tokenizer = Tokenizer.load(input);
        this.algebra = options.algebra().open();
        this.threads =
                options.threads() > 0 ? options.threads() : Runtime.getRuntime().availableProcessors();
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
        try (TensorStore store = TensorStore.open(compressor.source)) {
            int[] ids = compressor.calibrationTokens()[0];
            WorkFiles files =
                    new WorkFiles(options.work().resolve(Provenance.key(input, options.calibrationText(), ids.length)));
            Calibration calibration = Calibration.measure(
                    compressor.config, compressor::dense, compressor.kernels, ids, WINDOW, files, progress);
            for (Operator operator : compressor.model(store, calibration, ids).all()) {
                each.accept(new MeasuredOperator(
                        operator.name(),
                        operator.place() == null ? -1 : operator.place().layer(),
                        operator.weights(),
                        operator.metric()));
            }
        }
    }

    private void requireDense() {
        if (source.has(NetworkFile.NAME)) {
            throw new ModelFormatException(input + " is a Karipap directory already, expected a dense model");
        }
    }

    /** Runs a stage and remembers how long it took. */
    private <T> T stage(String name, Stage<T> stage) throws IOException {
        long start = System.nanoTime();
        T result = stage.run();
        stages.merge(name, Duration.ofNanos(System.nanoTime() - start), Duration::plus);
        return result;
    }

    @FunctionalInterface
    private interface Stage<T> {
        T run() throws IOException;
    }

    /** The calibration text: moments are measured on the first part, decisions made by the second. */
    private int[][] calibrationTokens() {
        int[] ids = tokenizer.encode(options.calibrationText(), EncodeOptions.PARSED);
        int total = Math.min(ids.length, options.maxCalibrationTokens());
        int aside = Math.min(MAX_SELECTION_TOKENS, total / 8);
        return new int[][] {Arrays.copyOf(ids, total - aside), Arrays.copyOfRange(ids, total - aside, total)};
    }

    private Llama dense() {
        try {
            return LlamaLoader.load(source, kernels, threads);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + input, e);
        }
    }

    private CompressionReport run(Path output) throws IOException {
        requireDense();
        try (TensorStore store = TensorStore.open(source)) {
            int[][] ids = calibrationTokens();
            String key = stage("hash", () -> Provenance.key(input, options.calibrationText(), ids[0].length));
            WorkFiles files = new WorkFiles(options.work().resolve(key));
            Calibration calibration = stage(
                    "calibrate",
                    () -> Calibration.measure(config, this::dense, kernels, ids[0], WINDOW, files, progress));
            Perplexity before = stage("evaluate", () -> {
                try (Llama model = dense()) {
                    return evaluate(model, "evaluate dense");
                }
            });
            Model model = model(store, calibration, ids[0]);
            stage("factor", () -> {
                factor(model, files);
                return null;
            });
            CandidateModel judge = new CandidateModel(store, config, kernels, threads, ids[1], WINDOW);
            Model weighed = stage("sensitivities", () -> sensitivities(model, files, judge));
            List<Option> chosen = choose(store, weighed, files, judge);
            Map<String, OperatorNetwork> built = stage("build sites", () -> build(chosen, weighed, "build sites"));
            List<CellReport> cells = chosen.stream()
                    .map(o -> new CellReport(o.operators(), o.label(), o.parameters(), o.error()))
                    .toList();
            stage("write", () -> {
                write(output, store, chosen, built);
                return null;
            });
            Map<String, TensorNetwork> networks = new LinkedHashMap<>();
            built.forEach((name, network) -> networks.put(name, network.network()));
            NetworkFile network = new NetworkFile(networks, Provenance.begin(input, options, ids[0].length, cells));
            ModelDirectory.copyMetadata(input, output);
            ModelDirectory.writeNetwork(output, network);
            CompressionReport report = stage("evaluate", () -> measure(output, store, before, cells));
            ModelDirectory.writeNetwork(
                    output, new NetworkFile(network.operators(), Provenance.finish(network.provenance(), report)));
            return new CompressionReport(
                    report.sizeBefore(), report.sizeAfter(), before, report.after(), cells, Map.copyOf(stages));
        }
    }

    private CompressionReport measure(Path output, TensorStore store, Perplexity before, List<CellReport> cells)
            throws IOException {
        ModelSource written = new ModelSource.Directory(output);
        try (TensorStore compressed = TensorStore.open(written);
                Llama model = LlamaLoader.load(written, kernels, threads)) {
            Perplexity after = evaluate(model, "evaluate compressed");
            return new CompressionReport(
                    ModelSize.of(store), ModelSize.of(compressed), before, after, cells, Map.copyOf(stages));
        }
    }

    private Perplexity evaluate(Llama model, String stage) {
        int[] ids = tokenizer.encode(options.evaluationText(), EncodeOptions.PARSED);
        long total = Math.min(ids.length, options.maxEvaluationTokens());
        return Perplexity.measure(
                model, ids, WINDOW, total, done -> progress.report(stage, Math.min(done, total), total));
    }

    /**
     * The operators of a model.
     *
     * @param blocks by kind
     * @param others embedding and head
     */
    private record Model(List<Map<String, Operator>> blocks, List<Operator> others) {
        List<Operator> all() {
            List<Operator> all = new ArrayList<>(others);
            blocks.forEach(block -> all.addAll(block.values()));
            return all;
        }
    }

    private Model model(TensorStore store, Calibration calibration, int[] ids) {
        Operator.OperatorSource reader = new Operator.OperatorSource() {
            @Override
            public Matrix weights(Operator operator) {
                Tensor tensor = store.require(operator.name(), List.of(operator.rows(), operator.columns()));
                TensorRows rows = new TensorRows(tensor);
                Matrix w = Matrix.zeros(operator.rows(), operator.columns());
                float[] row = new float[operator.columns()];
                for (int n = 0; n < operator.rows(); n++) {
                    rows.read(n, row);
                    for (int k = 0; k < row.length; k++) {
                        w.data()[n * row.length + k] = row[k];
                    }
                }
                return w;
            }

            @Override
            public Metric metric(Operator operator) {
                return operator.place() == null
                        ? Metric.flat(operator.columns())
                        : calibration.metric(operator.place());
            }
        };
        List<Map<String, Operator>> blocks = new ArrayList<>();
        for (int layer = 0; layer < config.layers(); layer++) {
            Map<String, Operator> block = new LinkedHashMap<>();
            for (Linear linear : Linear.values()) {
                String name = linear.weight(layer);
                WeightType type = store.require(name, List.of(linear.out(config), linear.in(config)))
                        .type();
                block.put(
                        linear.name(),
                        new Operator(
                                name,
                                linear.out(config),
                                linear.in(config),
                                type,
                                new Place(layer, linear.input()),
                                null,
                                1,
                                reader));
            }
            blocks.add(block);
        }
        Place head = new Place(config.layers(), Input.HEAD);
        int v = config.vocabularySize();
        int d = config.hiddenSize();
        List<Operator> others = new ArrayList<>();
        WeightType type = store.require(LlamaNames.EMBEDDING, List.of(v, d)).type();
        others.add(new Operator(
                LlamaNames.EMBEDDING,
                v,
                d,
                type,
                config.tiedEmbedding() ? head : null,
                rowWeights(ids, v, config.tiedEmbedding()),
                1,
                reader));
        if (!config.tiedEmbedding()) {
            WeightType headType = store.require(LlamaNames.HEAD, List.of(v, d)).type();
            others.add(new Operator(LlamaNames.HEAD, v, d, headType, head, null, 1, reader));
        }
        return new Model(blocks, others);
    }

    /** How often a row is looked up; where it is a row of the head as well, half of its weight is that of every other row. */
    private static double[] rowWeights(int[] ids, int vocabulary, boolean tied) {
        double even = tied ? 0.5 : 0.05;
        double[] weights = new double[vocabulary];
        Arrays.fill(weights, even);
        for (int id : ids) {
            weights[id] += (1 - even) * vocabulary / ids.length;
        }
        return weights;
    }

    /** The low rank of every operator: all else starts from it. */
    private void factor(Model model, WorkFiles files) {
        Cells cells = cells(files, null, false);
        List<Operator> all = model.all();
        for (int i = 0; i < all.size(); i++) {
            cells.lowRank(all.get(i));
            progress.report("factor", i + 1, all.size());
        }
    }

    private Cells cells(WorkFiles files, List<WeightType> types, boolean measured) {
        return new Cells(files, algebra, types == null ? Arrays.asList(options.type()) : types, measured);
    }

    /**
     * How much each operator's error costs: it alone is cut to a rank, and the model predicts the text that was kept aside. What is not
     * measured costs the same everywhere, but for the embedding.
     */
    private Model sensitivities(Model model, WorkFiles files, CandidateModel judge) {
        Map<String, Double> sensitivities = new HashMap<>();
        List<Operator> blocks = model.all();
        blocks.removeAll(model.others());
        if (options.sensitivities()) {
            Cells cells = cells(files, null, false);
            List<Operator> all = model.all();
            for (int i = 0; i < all.size(); i++) {
                sensitivities.put(all.get(i).name(), sensitivity(all.get(i), cells, files, judge));
                progress.report("measure sensitivities", i + 1, all.size());
            }
            double mean = blocks.stream()
                    .mapToDouble(operator -> sensitivities.get(operator.name()))
                    .average()
                    .orElseThrow();
            blocks.forEach(operator ->
                    sensitivities.merge(operator.name(), mean, (own, m) -> (1 - SHRINKAGE) * own + SHRINKAGE * m));
        } else {
            model.others().forEach(operator -> sensitivities.put(operator.name(), EMBEDDING_SENSITIVITY));
        }
        List<Map<String, Operator>> weighed = new ArrayList<>();
        for (Map<String, Operator> block : model.blocks()) {
            Map<String, Operator> changed = new LinkedHashMap<>();
            block.forEach((kind, operator) -> changed.put(kind, with(operator, sensitivities)));
            weighed.add(changed);
        }
        return new Model(
                weighed,
                model.others().stream()
                        .map(operator -> with(operator, sensitivities))
                        .toList());
    }

    private static Operator with(Operator operator, Map<String, Double> sensitivities) {
        return operator.withSensitivity(sensitivities.getOrDefault(operator.name(), 1.0));
    }

    private double sensitivity(Operator operator, Cells cells, WorkFiles files, CandidateModel judge) {
        return files.get(operator.fileName("sensitivity"), () -> {
            double dense = denseNats(files, judge);
            double[] errors = cells.lowRank(operator).errors();
            int rank = 1;
            while (rank + 1 < errors.length && errors[rank] > PROBE_ERROR) {
                rank++;
            }
            Matrix cut = cells.lowRank(operator).network(operator.name(), rank).dense(algebra);
            double nats = judge.natsPerToken(Map.of(operator.name(), cut.toFloats()));
            return new double[] {Math.max(1e-5, nats - dense) / Math.max(1e-6, errors[rank])};
        })[0];
    }

    private static double denseNats(WorkFiles files, CandidateModel judge) {
        return files.get("dense-nats", () -> new double[] {judge.natsPerToken(Map.of())})[0];
    }

    private List<Option> choose(TensorStore store, Model model, WorkFiles files, CandidateModel judge)
            throws IOException {
        Set<String> names = new HashSet<>();
        model.all().forEach(operator -> names.add(operator.name()));
        ModelSize before = ModelSize.of(store);
        long fixedParameters = before.parameters();
        long fixedBytes = before.bytes();
        for (String name : names) {
            fixedParameters -= store.tensors().get(name).elements();
            fixedBytes -= store.tensors().get(name).bytes();
        }
        long fixed = fixedParameters;
        return switch (options.budget()) {
            case Budget.FullRank full -> {
                Cells cells = cells(files, null, false);
                List<Option> all = new ArrayList<>();
                for (Operator operator : model.all()) {
                    all.add(
                            model.others().contains(operator)
                                    ? cells.dense(operator).options().getFirst()
                                    : cells.fullRank(operator));
                }
                yield all;
            }
            case Budget.ParameterRatio ratio -> {
                long budget = Math.round(ratio.ratio() * before.parameters()) - fixed;
                yield best(model, files, judge, null, budget, false, "a parameter ratio of " + ratio.ratio());
            }
            case Budget.Bytes bytes ->
                best(
                        model,
                        files,
                        judge,
                        List.of(WeightType.Q8, WeightType.Q4),
                        bytes.bytes() - fixedBytes,
                        true,
                        "a size of " + bytes.bytes() + " bytes");
            case Budget.PerplexityIncrease increase ->
                smallest(model, files, judge, fixed, before.parameters(), increase.share());
        };
    }

    /** What loses least within the budget. AUTO tries the mixed choice and every single ansatz, and takes the best. */
    private List<Option> best(
            Model model,
            WorkFiles files,
            CandidateModel judge,
            List<WeightType> types,
            long budget,
            boolean inBytes,
            String what)
            throws IOException {
        if (options.ansatz() != Ansatz.AUTO) {
            return stage("choose", () -> allocate(model, files, types, options.ansatz(), budget, inBytes, what));
        }
        List<Option> best = null;
        double bestNats = Double.POSITIVE_INFINITY;
        for (Ansatz ansatz : new Ansatz[] {Ansatz.AUTO, Ansatz.LOW_RANK, Ansatz.TIED, Ansatz.LAYER, Ansatz.BLOCK}) {
            List<Option> candidate =
                    stage("choose", () -> allocate(model, files, types, ansatz, budget, inBytes, what));
            double nats = stage("judge candidates", () -> judge(candidate, model, judge));
            if (nats < bestNats) {
                bestNats = nats;
                best = candidate;
            }
        }
        return best;
    }

    private List<Option> allocate(
            Model model,
            WorkFiles files,
            List<WeightType> types,
            Ansatz ansatz,
            long budget,
            boolean inBytes,
            String what) {
        progress.report("choose " + ansatz.name().toLowerCase(java.util.Locale.ROOT), 0, 1);
        Choice tree = cells(files, types, true).tree(ansatz, model.blocks(), model.others());
        progress.report("choose " + ansatz.name().toLowerCase(java.util.Locale.ROOT), 1, 1);
        try {
            return Allocation.allocate(tree, budget, inBytes);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(what + " cannot be met: " + e.getMessage(), e);
        }
    }

    private double judge(List<Option> candidate, Model model, CandidateModel judge) {
        Map<String, float[]> replaced = new HashMap<>();
        build(candidate, model, "judge candidates")
                .forEach((name, network) ->
                        replaced.put(name, network.dense(algebra).toFloats()));
        return judge.natsPerToken(replaced);
    }

    /** The fewest parameters at which the perplexity on the text kept aside is within the limit. */
    private List<Option> smallest(
            Model model, WorkFiles files, CandidateModel judge, long fixed, long total, double share)
            throws IOException {
        double limit = Math.log1p(share) + denseNats(files, judge);
        double low = 0.02;
        double high = 1;
        List<Option> best = null;
        for (int i = 0; i < 8; i++) {
            double ratio = (low + high) / 2;
            List<Option> candidate;
            try {
                candidate = stage(
                        "choose",
                        () -> allocate(
                                model,
                                files,
                                null,
                                options.ansatz(),
                                Math.round(ratio * total) - fixed,
                                false,
                                "a parameter ratio of " + ratio));
            } catch (IllegalArgumentException e) {
                low = ratio;
                continue;
            }
            if (stage("judge candidates", () -> judge(candidate, model, judge)) <= limit) {
                high = ratio;
                best = candidate;
            } else {
                low = ratio;
            }
        }
        if (best == null) {
            throw new IllegalArgumentException("nothing smaller than the dense model keeps the perplexity within "
                    + share * 100 + " % of its own");
        }
        return best;
    }

    /** Sites of every operator that does not stay dense, rounded if they are stored as codes. */
    private Map<String, OperatorNetwork> build(List<Option> chosen, Model model, String stage) {
        Map<String, Operator> operators = new HashMap<>();
        model.all().forEach(operator -> operators.put(operator.name(), operator));
        SiteRounding rounding = new SiteRounding(algebra);
        Map<String, OperatorNetwork> built = new LinkedHashMap<>();
        for (int i = 0; i < chosen.size(); i++) {
            Option option = chosen.get(i);
            if (option.build() != null) {
                List<OperatorNetwork> networks = option.build().get();
                if (option.type() != null && option.type().quantized()) {
                    List<Operator> own =
                            option.operators().stream().map(operators::get).toList();
                    networks = rounding.rounded(
                            networks,
                            own.stream().map(Operator::weights).toList(),
                            own.stream().map(Operator::metric).toList(),
                            option.type());
                }
                networks.forEach(network -> built.put(network.network().operator(), network));
            }
            progress.report(stage, i + 1, chosen.size());
        }
        return built;
    }

    private void write(Path output, TensorStore store, List<Option> chosen, Map<String, OperatorNetwork> built)
            throws IOException {
        Map<String, Option> options = new HashMap<>();
        chosen.forEach(option -> option.operators().forEach(name -> options.put(name, option)));
        SafetensorsWriter writer = new SafetensorsWriter();
        Set<String> written = new HashSet<>();
        for (Tensor tensor : store.tensors().values()) {
            Option option = options.get(tensor.name());
            OperatorNetwork network = built.get(tensor.name());
            WeightType type = option == null || option.type() == null ? tensor.type() : option.type();
            if (network != null) {
                for (Site site : network.network().sites()) {
                    if (written.add(site.tensor())) {
                        List<Integer> shape = network.network().shape(site);
                        float[] data = new Matrix(
                                        1,
                                        network.tensors().get(site.tensor()).length,
                                        network.tensors().get(site.tensor()))
                                .toFloats();
                        int columns = shape.getLast();
                        writer.add(site.tensor(), type, shape, WeightRows.of(data.length / columns, columns, data));
                    }
                }
            } else if (type == tensor.type()) {
                writer.add(tensor);
            } else {
                writer.add(tensor.name(), type, tensor.shape(), new TensorRows(tensor));
            }
        }
        writer.write(output.resolve("model.safetensors"), Map.of("format", "pt"));
    }
}
