package io.karipap.bench.command;

import io.karipap.budget.Budget;
import io.karipap.budget.Repertoire;
import io.karipap.cli.compress.CalibrationOption;
import io.karipap.cli.compress.TrainingOption;
import io.karipap.cli.option.ByteSize;
import io.karipap.cli.option.Home;
import io.karipap.cli.option.ModelLocation;
import io.karipap.cli.option.ProgressDisplay;
import io.karipap.cli.option.TextFile;
import io.karipap.code.StoredAs;
import io.karipap.compress.CompressionOptions;
import io.karipap.compress.Compressor;
import io.karipap.directory.AtomicDirectory;
import io.karipap.directory.ModelDirectory;
import io.karipap.directory.ModelSize;
import io.karipap.environment.BundledText;
import io.karipap.evaluate.LastWords;
import io.karipap.evaluate.MinimalPairs;
import io.karipap.evaluate.ModelSpeed;
import io.karipap.evaluate.Perplexity;
import io.karipap.format.ModelSource;
import io.karipap.format.TensorStore;
import io.karipap.json.Json;
import io.karipap.kernels.WeightType;
import io.karipap.load.LoadedModel;
import io.karipap.model.Progress;
import io.karipap.network.NetworkFile;
import io.karipap.tokenizer.EncodeOptions;
import io.karipap.train.ModelTraining;
import io.karipap.train.Storage;
import io.karipap.train.TrainingOptions;
import io.karipap.train.TrainingOptions.Precision;
import io.karipap.train.TrainingSpeed;
import io.karipap.train.TrainingTexts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/** What healing brings, by ansatz and size. */
@Command(
        name = "heal",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Compresses a model, heals every result on the same tokens and prints a Markdown table: quality before and after,",
            "beside the dense model continued on the same tokens, a dense model of half the width from random weights, and a",
            "factored one from random weights. What lies in the folder of --models is not made again."
        },
        footer = {
            "",
            "Example: karipap bench heal --models /tmp/heal --text novels=3 --text train_stories.txt=1 --validation val_stories.txt \\",
            "  --tokens 1000000 --eval-text val_stories.txt --pairs-folder blimp --last-words lambada.jsonl"
        })
final class BenchHealCommand implements Callable<Integer> {
    private static final int SPEED_STEPS = 8;
    private static final int DECODE_TURNS = 3;

    @Option(names = "--model", paramLabel = ModelLocation.LABEL, description = "Dense model. Default: the bundled one.")
    private ModelLocation model;

    @Option(
            names = "--models",
            paramLabel = "DIR",
            required = true,
            description = "Folder for the models that are made, with their checkpoints; a run that was killed goes on.")
    private Path folder;

    @Option(
            names = "--healed",
            split = ",",
            converter = HealedModel.Converter.class,
            paramLabel = "ANSATZ-RATIO[@TOKENS]",
            defaultValue = "low-rank-0.3,tied-0.3,layer-0.3,block-0.3,auto-0.3,auto-0.5,auto-0.2",
            description =
                    "What is compressed, with 8-bit sites, and healed on --tokens or so many. Default: ${DEFAULT-VALUE}.")
    private List<HealedModel> healed;

    @Option(
            names = "--mixed-bytes",
            paramLabel = "SIZE",
            description =
                    "Heal auto-0.3 also with 8 and 4 bits mixed to this size. Default: 7 %% of the dense model in F32.")
    private String mixedBytes;

    @Option(
            names = "--from-random",
            paramLabel = "TOKENS",
            description = {
                "Train from random weights: the dense model on so many tokens, one of half the width with 8-bit weights on",
                "as many, and one with the networks of low-rank-0.3 on as many more as its parameters are fewer."
            })
    private long fromRandom;

    @Option(
            names = "--eval-text",
            paramLabel = "FILE",
            required = true,
            description = "UTF-8 text to measure perplexity on; may be given several times.")
    private List<Path> evaluated;

    @Option(
            names = "--eval-tokens",
            paramLabel = "N",
            defaultValue = "20480",
            description = "Tokens used of each. Default: ${DEFAULT-VALUE}.")
    private int evaluatedTokens;

    @Option(names = "--pairs-folder", paramLabel = "DIR", required = true, description = "Minimal pairs (BLiMP).")
    private Path pairs;

    @Option(
            names = "--pairs",
            paramLabel = "N",
            defaultValue = "100",
            description = "Pairs used of every paradigm. Default: ${DEFAULT-VALUE}.")
    private int pairsPerParadigm;

    @Option(names = "--last-words", paramLabel = "FILE", required = true, description = "Passages (LAMBADA).")
    private Path lastWords;

    @Option(
            names = "--passages",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Passages used of them. Default: ${DEFAULT-VALUE}.")
    private int passages;

    @Mixin
    private CalibrationOption calibration;

    @Mixin
    private TrainingOption training;

    private ProgressDisplay progress;
    private Path dense;

    @Override
    public Integer call() throws Exception {
        dense = model == null ? Home.denseModel() : model.path();
        Files.createDirectories(folder);
        try (ProgressDisplay display = new ProgressDisplay()) {
            progress = display;
            List<Row> rows = make();
            System.out.println(head());
            for (Row row : rows) {
                System.out.println(line(row));
            }
            System.out.println(decodeRates(rows));
            System.out.println(
                    stepTimes(rows.stream().filter(row -> !row.healed()).toList()));
        }
        return 0;
    }

    /**
     * A model of the table.
     *
     * @param healed whether it is another of these, healed: its training steps take as long
     */
    private record Row(String name, Path directory, boolean healed) {
        private Row(String name, Path directory) {
            this(name, directory, false);
        }
    }

    /** Makes all models, or finds them made. */
    private List<Row> make() throws IOException {
        List<Row> rows = new ArrayList<>();
        rows.add(new Row("dense", dense));
        TrainingTexts texts = training.texts(dense);
        rows.add(new Row("dense, continued", made("dense-continued", out -> run(texts, out, 0)
                .continued(dense, out))));
        for (HealedModel each : healed) {
            Path compressed = compressed(each);
            String name = each.name() + "-healed";
            long tokens = training.options(folder.resolve(name), each.tokens()).tokens();
            rows.add(new Row(each.name(), compressed));
            rows.add(new Row(
                    String.format(Locale.ROOT, "%s → healed, %,d tokens", each.name(), tokens),
                    healed(texts, compressed, name, new Storage.AsItIs(), tokens),
                    true));
        }
        long bytes = mixedBytes != null ? ByteSize.parse("--mixed-bytes", mixedBytes) : sevenPercent();
        Path auto = compressed(new HealedModel(Repertoire.named("auto"), 0.3, 0));
        rows.add(new Row(
                "auto-0.3 → healed, 8 and 4 bits",
                healed(texts, auto, "mixed-healed", new Storage.Within(bytes), 0),
                true));
        if (fromRandom > 0) {
            Path half = halfWidth();
            Path factored = compressed(new HealedModel(Repertoire.named("low-rank"), 0.3, 0));
            long more = Math.round(fromRandom * (double) parameters(dense) / parameters(factored));
            rows.add(new Row(
                    "dense, from random", fresh(texts, "dense-fresh", dense, null, WeightType.BF16, fromRandom)));
            rows.add(new Row("half width, from random", fresh(texts, "half", half, null, WeightType.Q8, fromRandom)));
            rows.add(new Row(
                    "low-rank-0.3, from random",
                    fresh(texts, "factored", dense, factored.resolve(NetworkFile.NAME), WeightType.Q8, more)));
        }
        return rows;
    }

    private interface Maker {
        void make(Path output) throws IOException;
    }

    private Path made(String name, Maker maker) throws IOException {
        Path output = folder.resolve(name);
        if (!Files.exists(output)) {
            maker.make(output);
        }
        return output;
    }

    private Path healed(TrainingTexts texts, Path compressed, String name, Storage storage, long tokens)
            throws IOException {
        return made(name, out -> run(texts, out, tokens).heal(compressed, dense, out, storage, 1, 0.5));
    }

    private Path fresh(TrainingTexts texts, String name, Path metadata, Path networks, WeightType type, long tokens)
            throws IOException {
        return made(name, out -> run(texts, out, tokens).fresh(metadata, networks, type, out));
    }

    /** @param tokens to learn from, 0 for those of --tokens */
    private ModelTraining run(TrainingTexts texts, Path output, long tokens) {
        return new ModelTraining(texts, training.options(output, tokens), progress);
    }

    private long sevenPercent() throws IOException {
        return parameters(dense) * 4 * 7 / 100;
    }

    private static long parameters(Path directory) throws IOException {
        try (TensorStore store = TensorStore.open(new ModelSource.Directory(directory))) {
            return ModelSize.of(store).parameters();
        }
    }

    private Path compressed(HealedModel each) throws IOException {
        CompressionOptions options = calibration
                .compressing(new Budget.ParameterRatio(each.ratio()), 0)
                .repertoire(each.ansatz())
                .stored(new StoredAs.OneType(WeightType.Q8))
                .evaluation(BundledText.evaluation(), 1024)
                .build();
        return made(each.name(), out -> Compressor.compress(dense, out, options, progress));
    }

    /** A configuration with half the heads, hidden and intermediate size. */
    private Path halfWidth() throws IOException {
        return made("half-config", out -> {
            try (AtomicDirectory directory = AtomicDirectory.create(out, false)) {
                ModelDirectory.copyMetadata(dense, directory.path());
                ObjectNode config = (ObjectNode) Json.parse(Files.readAllBytes(dense.resolve("config.json")));
                for (String name :
                        List.of("hidden_size", "intermediate_size", "num_attention_heads", "num_key_value_heads")) {
                    config.put(name, config.path(name).asInt() / 2);
                }
                Files.write(directory.path().resolve("config.json"), Json.bytes(config));
                directory.commit();
            }
        });
    }

    private String head() {
        StringBuilder head = new StringBuilder("| model | parameters | bytes ");
        evaluated.forEach(
                text -> head.append("| ppl ").append(text.getFileName()).append(' '));
        return head.append("| pairs % | last word, nats | right % |\n")
                .append("|---".repeat(6 + evaluated.size()))
                .append('|')
                .toString();
    }

    private String line(Row model) throws IOException {
        StringBuilder row = new StringBuilder("| " + model.name());
        try (TensorStore store = TensorStore.open(ModelSource.of(model.directory()))) {
            ModelSize size = ModelSize.of(store);
            row.append(String.format(Locale.ROOT, " | %,d | %,d ", size.parameters(), size.bytes()));
        }
        try (LoadedModel loaded = LoadedModel.load(model.directory())) {
            for (Path text : evaluated) {
                int[] ids = loaded.tokenizer().encode(TextFile.read(text), EncodeOptions.PARSED);
                Perplexity perplexity = Perplexity.measure(loaded.transformer(), ids, 512, evaluatedTokens, done -> {});
                row.append(String.format(Locale.ROOT, "| %.2f ", perplexity.perplexity()));
            }
            MinimalPairs minimal = MinimalPairs.measure(
                    loaded.transformer(), loaded.tokenizer(), loaded.startToken(), pairs, pairsPerParadigm, progress);
            LastWords words = LastWords.measure(
                    loaded.transformer(), loaded.tokenizer(), loaded.startToken(), lastWords, passages, progress);
            row.append(String.format(
                    Locale.ROOT,
                    "| %.2f | %.3f | %.2f |",
                    100 * minimal.accuracy(),
                    words.nats().mean(),
                    100 * words.right().mean()));
        }
        return row.toString();
    }

    /** Generated tokens per second, the models taking turns; the median. */
    private String decodeRates(List<Row> models) throws IOException {
        Map<String, LoadedModel> loaded = new LinkedHashMap<>();
        Map<String, List<Double>> rates = new LinkedHashMap<>();
        try {
            for (Row each : models) {
                loaded.put(each.name(), LoadedModel.load(each.directory()));
            }
            loaded.put("dense in 8 bits", LoadedModel.load(dense, 0, Optional.of(WeightType.Q8), Progress.NONE));
            for (int turn = 0; turn < DECODE_TURNS; turn++) {
                loaded.forEach((name, each) -> rates.computeIfAbsent(name, _ -> new ArrayList<>())
                        .add(ModelSpeed.measure(each.transformer(), 64, 96, 1).generationRate()));
            }
        } finally {
            loaded.values().forEach(LoadedModel::close);
        }
        return table("decode, tokens/s", rates, 1);
    }

    /** Milliseconds of a training step, the models taking turns; the median. */
    private String stepTimes(List<Row> models) throws IOException {
        TrainingOptions options = training.options(folder.resolve("speed"));
        Map<String, TrainingSpeed> speeds = new LinkedHashMap<>();
        Map<String, List<Double>> seconds = new LinkedHashMap<>();
        try {
            for (Row each : models) {
                speeds.put(
                        each.name(),
                        new TrainingSpeed(
                                each.directory(),
                                options.batch(),
                                options.sequence(),
                                Precision.BF16,
                                options.threads()));
            }
            for (int step = -2; step < SPEED_STEPS; step++) {
                for (Map.Entry<String, TrainingSpeed> each : speeds.entrySet()) {
                    double taken = each.getValue().step();
                    if (step >= 0) {
                        seconds.computeIfAbsent(each.getKey(), _ -> new ArrayList<>())
                                .add(taken);
                    }
                }
            }
        } finally {
            speeds.values().forEach(TrainingSpeed::close);
        }
        return table("training step, ms", seconds, 1e3);
    }

    private static String table(String column, Map<String, List<Double>> values, double unit) {
        StringBuilder lines = new StringBuilder("\n| model | " + column + " |\n|---|---|");
        values.forEach((name, all) -> {
            Collections.sort(all);
            lines.append(String.format(Locale.ROOT, "%n| %s | %.0f |", name, unit * all.get(all.size() / 2)));
        });
        return lines.toString();
    }
}
