package io.karipap.bench.command;

import io.karipap.ansatz.Ansatz;
import io.karipap.budget.Budget;
import io.karipap.budget.Repertoire;
import io.karipap.cli.compress.AnsatzConverter;
import io.karipap.cli.compress.CalibrationOption;
import io.karipap.cli.option.Home;
import io.karipap.cli.option.ModelLocation;
import io.karipap.cli.option.ProgressDisplay;
import io.karipap.cli.option.TemporaryDirectory;
import io.karipap.cli.option.TextFile;
import io.karipap.code.StoredAs;
import io.karipap.compress.CompressionOptions;
import io.karipap.compress.CompressionReport;
import io.karipap.compress.Compressor;
import io.karipap.environment.BundledText;
import io.karipap.evaluate.MinimalPairs;
import io.karipap.evaluate.ModelSpeed;
import io.karipap.evaluate.Perplexity;
import io.karipap.export.DenseExport;
import io.karipap.kernels.WeightType;
import io.karipap.load.LoadedModel;
import io.karipap.tokenizer.EncodeOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Quality and speed by ansatz and parameter ratio. */
@Command(
        name = "ansatz",
        mixinStandardHelpOptions = true,
        description = {
            "Compresses a model by several ansätze to several parameter ratios and prints a Markdown table:",
            "perplexity on the given texts, minimal pairs, decode tokens/s, time taken."
        },
        footer = {
            "",
            "Example: karipap bench ansatz --ratio 0.5,0.3 --ansatz low-rank,tied --text val_stories.txt --pairs-folder blimp"
        })
final class BenchAnsatzCommand implements Callable<Integer> {
    @Option(names = "--model", paramLabel = ModelLocation.LABEL, description = "Dense model. Default: the bundled one.")
    private ModelLocation model;

    @Option(
            names = "--ratio",
            split = ",",
            paramLabel = "R",
            defaultValue = "0.7,0.5,0.3,0.2",
            description = "Parameter ratios. Default: ${DEFAULT-VALUE}.")
    private List<Double> ratios;

    @Option(
            names = "--ansatz",
            split = ",",
            paramLabel = "NAME",
            defaultValue = "low-rank,tied,layer,block,auto",
            converter = AnsatzConverter.class,
            description = "Ansätze, see compress. Default: ${DEFAULT-VALUE}.")
    private List<Repertoire> ansatze;

    @Option(
            names = "--dtype",
            paramLabel = "TYPE",
            defaultValue = "Q8",
            description = "How operators are stored. Default: ${DEFAULT-VALUE}.")
    private WeightType type;

    @Option(
            names = "--text",
            paramLabel = "FILE",
            required = true,
            description = "UTF-8 text to measure on; may be given several times.")
    private List<Path> texts;

    @Option(
            names = "--max-tokens",
            paramLabel = "N",
            defaultValue = "10240",
            description = "Tokens used of each text. Default: ${DEFAULT-VALUE}.")
    private int maxTokens;

    @Option(
            names = "--pairs-folder",
            paramLabel = "DIR",
            description = "Minimal pairs as JSON lines, one file a paradigm (BLiMP). Default: not measured.")
    private Path pairs;

    @Option(
            names = "--pairs",
            paramLabel = "N",
            defaultValue = "100",
            description = "Pairs used of every paradigm, drawn with a fixed seed. Default: ${DEFAULT-VALUE}.")
    private int pairsPerParadigm;

    @Option(names = "--no-dense", description = "Leave the row of the dense model out.")
    private boolean noDense;

    @Mixin
    private CalibrationOption calibration;

    @Override
    public Integer call() throws Exception {
        Path dense = model == null ? Home.denseModel() : model.path();
        StringBuilder head = new StringBuilder("| ansatz | ratio | parameters | bytes ");
        texts.forEach(text -> head.append("| ppl ").append(text.getFileName()).append(' '));
        head.append("| pairs % | decode tok/s | compressed in |");
        System.out.println(head);
        System.out.println("|---".repeat(7 + texts.size()) + "|");
        try (TemporaryDirectory work = TemporaryDirectory.create();
                ProgressDisplay progress = new ProgressDisplay()) {
            if (!noDense) {
                print("dense", dense, dense, null, progress);
            }
            for (double ratio : ratios) {
                for (Repertoire ansatz : ansatze) {
                    String label = ansatz.label();
                    Path output = work.path().resolve(label + "-" + ratio);
                    CompressionReport report = Compressor.compress(dense, output, options(ratio, ansatz), progress);
                    Path judged = output;
                    if (!isContractedFast(ansatz)) { // the quality is that of the dense matrices
                        judged = work.path().resolve(label + "-" + ratio + "-dense");
                        DenseExport.write(
                                output,
                                WeightType.F32,
                                judged,
                                calibration.algebra().open(progress::report));
                    }
                    print(label, output, judged, report, progress);
                }
            }
        }
        return 0;
    }

    private static boolean isContractedFast(Repertoire repertoire) {
        return repertoire.ansatze().stream().allMatch(Ansatz::automatic);
    }

    private CompressionOptions options(double ratio, Repertoire ansatz) throws IOException {
        return calibration
                .compressing(new Budget.ParameterRatio(ratio), 0)
                .repertoire(ansatz)
                .stored(new StoredAs.OneType(type))
                .sensitivities(!(ansatz instanceof Repertoire.Baseline))
                .evaluation(BundledText.evaluation(), 1024)
                .build();
    }

    private void print(String label, Path directory, Path judged, CompressionReport report, ProgressDisplay progress)
            throws IOException {
        StringBuilder row = new StringBuilder("| " + label);
        if (report == null) {
            row.append(" | 1 | | ");
        } else {
            row.append(String.format(
                    Locale.ROOT,
                    " | %.4f | %,d | %,d ",
                    report.parameterRatio(),
                    report.sizeAfter().parameters(),
                    report.sizeAfter().bytes()));
        }
        try (LoadedModel loaded = LoadedModel.load(judged)) {
            for (Path text : texts) {
                int[] ids = loaded.tokenizer().encode(TextFile.read(text), EncodeOptions.PARSED);
                Perplexity perplexity = Perplexity.measure(loaded.transformer(), ids, 512, maxTokens, done -> {});
                row.append(String.format(Locale.ROOT, "| %.2f ", perplexity.perplexity()));
            }
            if (pairs == null) {
                row.append("| ");
            } else {
                MinimalPairs measured = MinimalPairs.measure(
                        loaded.transformer(),
                        loaded.tokenizer(),
                        loaded.startToken(),
                        pairs,
                        pairsPerParadigm,
                        progress);
                row.append(String.format(Locale.ROOT, "| %.2f ", 100 * measured.accuracy()));
            }
        }
        try (LoadedModel loaded = LoadedModel.load(directory)) {
            ModelSpeed speed = ModelSpeed.measure(loaded.transformer(), 64, 96, 3);
            row.append(String.format(Locale.ROOT, "| %.0f ", speed.generationRate()));
        }
        row.append(
                report == null
                        ? "| |"
                        : String.format(
                                Locale.ROOT, "| %.1f s |", report.duration().toMillis() / 1e3));
        System.out.println(row);
    }
}
