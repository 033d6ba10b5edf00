package io.karipap.cli.compress;

import io.karipap.budget.Budget;
import io.karipap.budget.Repertoire;
import io.karipap.cli.option.ByteSize;
import io.karipap.cli.option.ModelLocation;
import io.karipap.cli.option.ProgressDisplay;
import io.karipap.cli.option.TextFile;
import io.karipap.code.StoredAs;
import io.karipap.compress.CompressionOptions;
import io.karipap.compress.CompressionReport;
import io.karipap.compress.Compressor;
import io.karipap.environment.BundledText;
import io.karipap.kernels.WeightType;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Compresses a model. */
@Command(
        name = "compress",
        mixinStandardHelpOptions = true,
        description = {
            "Compresses a Hugging Face directory or GGUF file into a Karipap directory: operators become tensor networks whose ansatz and",
            "bonds are chosen so that the model meets the budget and loses as little as possible on the calibration text."
        },
        footer = {
            "",
            "Examples:",
            "  karipap compress compressor/models/tales tales-half --params 0.5",
            "  karipap compress compressor/models/tales tales-2MB --bytes 2MB --ansatz auto --calibration stories.txt"
        })
final class CompressCommand implements Callable<Integer> {
    @Parameters(
            index = "0",
            paramLabel = "IN",
            description = "Dense model: directory, GGUF file, or name of one that was pulled.")
    private ModelLocation input;

    @Parameters(index = "1", paramLabel = "OUT", description = "Directory to make.")
    private Path output;

    @ArgGroup(multiplicity = "1")
    private Size size;

    private static final class Size {
        @Option(
                names = "--params",
                paramLabel = "R",
                description = "Stored parameters over those of the dense model, embeddings included: 0.5 is half.")
        private Double params;

        @Option(
                names = "--bytes",
                paramLabel = "SIZE",
                description = "Stored bytes, scales included, such as 5MB; operators become 8- or 4-bit codes.")
        private String bytes;

        @Option(
                names = "--max-perplexity-increase",
                paramLabel = "P%%",
                description = {
                    "The smallest model whose perplexity, on a part of the calibration text that is kept aside, is at most so",
                    "much higher, such as 5%%."
                })
        private String increase;

        Budget budget() {
            if (params != null) {
                return new Budget.ParameterRatio(params);
            }
            return bytes != null
                    ? new Budget.Bytes(ByteSize.parse("--bytes", bytes))
                    : new Budget.PerplexityIncrease(parse(increase));
        }

        private static double parse(String text) {
            try {
                return text.endsWith("%")
                        ? Double.parseDouble(text.substring(0, text.length() - 1)) / 100
                        : Double.parseDouble(text);
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(
                        "--max-perplexity-increase is \"" + text + "\", expected a share such as 5%", e);
            }
        }
    }

    @Option(
            names = "--ansatz",
            paramLabel = "NAME",
            defaultValue = "low-rank",
            description = {
                "How operators are written: auto (tries the others and their mixture cell by cell, and takes the best; slow) or one of",
                "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}."
            },
            completionCandidates = AnsatzDescriptions.class,
            converter = AnsatzConverter.class)
    private Repertoire ansatz;

    @Mixin
    private CalibrationOption calibration;

    @Option(
            names = "--evaluation",
            paramLabel = "FILE",
            description = "UTF-8 text to measure perplexity on. Default: bundled text.")
    private Path evaluation;

    @Option(
            names = "--dtype",
            paramLabel = "TYPE",
            description = "How operators are stored: ${COMPLETION-CANDIDATES}. Default: as the matrix was.")
    private WeightType type;

    @Option(
            names = "--no-sensitivities",
            description = "Do not measure how much the error of each operator costs: minutes quicker, and worse.")
    private boolean noSensitivities;

    @Option(names = "--overwrite", description = "Replace OUT if it exists.")
    private boolean overwrite;

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "0",
            description = "Threads; 0 for all physical cores.")
    private int threads;

    @Option(names = "--cells", description = "Print what became of every cell.")
    private boolean cells;

    @Override
    public Integer call() throws Exception {
        Budget budget = size.budget();
        if (type != null && budget instanceof Budget.Bytes) {
            throw new IllegalArgumentException("--bytes chooses between 8 and 4 bits itself; leave --dtype out");
        }
        CompressionOptions options = calibration
                .compressing(budget, threads)
                .repertoire(ansatz)
                .evaluation(evaluation == null ? BundledText.evaluation() : TextFile.read(evaluation), 1 << 14)
                .stored(type == null ? new StoredAs.SourceType() : new StoredAs.OneType(type))
                .sensitivities(!noSensitivities)
                .overwrite(overwrite)
                .build();
        CompressionReport report;
        try (ProgressDisplay progress = new ProgressDisplay()) {
            report = Compressor.compress(input.path(), output, options, progress);
        }
        print(report);
        return 0;
    }

    private void print(CompressionReport report) {
        if (cells) {
            report.cells()
                    .forEach(cell -> System.out.printf(
                            Locale.ROOT,
                            "%-24s %,10d  error %.4f  %s%n",
                            cell.written(),
                            cell.parameters(),
                            cell.error(),
                            String.join(" ", cell.operators())));
        }
        System.out.printf(
                Locale.ROOT,
                "%-12s %12s %12s%nparameters   %,12d %,12d   (%.4f)%nbytes        %,12d %,12d   (%.4f)%nperplexity   %12.3f %12.3f%n",
                "",
                "before",
                "after",
                report.sizeBefore().parameters(),
                report.sizeAfter().parameters(),
                report.parameterRatio(),
                report.sizeBefore().bytes(),
                report.sizeAfter().bytes(),
                (double) report.sizeAfter().bytes() / report.sizeBefore().bytes(),
                report.before().perplexity(),
                report.after().perplexity());
        StringBuilder times = new StringBuilder();
        report.stages().forEach((stage, time) -> {
            if (time.toMillis() > 500) {
                times.append(String.format(Locale.ROOT, ", %s %.1f s", stage, time.toMillis() / 1e3));
            }
        });
        System.out.printf(
                Locale.ROOT, "%.1f s%s, written to %s%n", report.duration().toMillis() / 1e3, times, output);
    }
}
