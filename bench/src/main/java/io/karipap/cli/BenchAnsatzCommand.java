package io.karipap.cli;

import io.karipap.bench.ModelSpeed;
import io.karipap.compress.Budget;
import io.karipap.compress.CompressionOptions;
import io.karipap.compress.CompressionReport;
import io.karipap.compress.Compressor;
import io.karipap.generate.LanguageModel;
import io.karipap.model.Perplexity;
import io.karipap.tokenizer.EncodeOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Quality and speed by parameter ratio. */
@Command(
        name = "ratios",
        mixinStandardHelpOptions = true,
        description = {
            "Compresses a model to several parameter ratios and prints a Markdown table:",
            "perplexity on the given texts, tokens/s, time taken."
        },
        footer = {"", "Example: karipap bench ratios --text val_stories.txt --text novel.txt"})
final class BenchRatiosCommand implements Callable<Integer> {
    @Option(names = "--model", paramLabel = "DIR", description = "Dense model. Default: the bundled one.")
    private Path model;

    @Option(
            names = "--ratio",
            split = ",",
            paramLabel = "R",
            defaultValue = "0.9,0.7,0.5,0.3",
            description = "Parameter ratios. Default: ${DEFAULT-VALUE}.")
    private List<Double> ratios;

    @Option(
            names = "--text",
            paramLabel = "FILE",
            required = true,
            description = "UTF-8 text to measure on; may be given several times.")
    private List<Path> texts;

    @Option(
            names = "--max-tokens",
            paramLabel = "N",
            defaultValue = "20480",
            description = "Tokens used of each text. Default: ${DEFAULT-VALUE}.")
    private int maxTokens;

    @Override
    public Integer call() throws Exception {
        Path dense = model == null ? Home.denseModel() : model;
        StringBuilder head = new StringBuilder("| ratio asked | stored | parameters | bytes ");
        texts.forEach(text -> head.append("| ppl ").append(text.getFileName()).append(' '));
        head.append("| prompt tok/s | decode tok/s | compressed in |");
        System.out.println(head);
        System.out.println("|---".repeat(7 + texts.size()) + "|");
        print("dense", dense, null);
        try (TemporaryDirectory work = TemporaryDirectory.create();
                ProgressDisplay progress = new ProgressDisplay()) {
            for (double ratio : ratios) {
                Path output = work.path().resolve("ratio-" + ratio);
                CompressionReport report = Compressor.compress(
                        dense, output, CompressionOptions.of(new Budget.ParameterRatio(ratio)), progress);
                print(Double.toString(ratio), output, report);
            }
        }
        return 0;
    }

    private void print(String label, Path directory, CompressionReport report) throws IOException {
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
        try (LanguageModel loaded = LanguageModel.load(directory)) {
            for (Path text : texts) {
                int[] ids = loaded.tokenizer().encode(TextFile.read(text), EncodeOptions.PARSED);
                Perplexity perplexity = Perplexity.measure(loaded.llama(), ids, 512, maxTokens, done -> {});
                row.append(String.format(Locale.ROOT, "| %.2f ", perplexity.perplexity()));
            }
            ModelSpeed speed = ModelSpeed.measure(loaded.llama(), 256, 128, 5);
            row.append(String.format(Locale.ROOT, "| %.0f | %.0f ", speed.promptRate(), speed.generationRate()));
        }
        row.append(
                report == null
                        ? "| |"
                        : String.format(
                                Locale.ROOT, "| %.1f s |", report.duration().toMillis() / 1e3));
        System.out.println(row);
    }
}
