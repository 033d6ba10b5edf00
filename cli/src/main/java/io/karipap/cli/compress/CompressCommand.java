package io.karipap.cli.compress;

import io.karipap.cli.option.ByteSize;
import io.karipap.cli.option.ProgressDisplay;
import io.karipap.cli.option.TextFile;
import io.karipap.compress.Ansatz;
import io.karipap.compress.Budget;
import io.karipap.compress.BundledText;
import io.karipap.compress.CompressionOptions;
import io.karipap.compress.CompressionReport;
import io.karipap.compress.Compressor;
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
            "Compresses a Hugging Face directory into a Karipap directory: operators become tensor networks whose ansatz and",
            "bonds are chosen so that the model meets the budget and loses as little as possible on the calibration text."
        },
        footer = {
            "",
            "Examples:",
            "  karipap compress compressor/models/tales tales-half --params 0.5",
            "  karipap compress compressor/models/tales tales-2MB --bytes 2MB --ansatz auto --calibration stories.txt"
        })
final class CompressCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "IN", description = "Dense model directory.")
    private Path input;

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

        @Option(names = "--full-rank", description = "Factor everything without loss (larger than the dense model).")
        private boolean fullRank;

        Budget budget() {
            if (fullRank) {
                return new Budget.FullRank();
            }
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
                "How operators are written: auto (tries all and the mixture, takes the best; slow), low-rank, tied (q/k/v and",
                "gate/up share a site), layer (bases shared by neighbouring blocks), block (blocks that share bases),",
                "mpo, peps. Default: ${DEFAULT-VALUE}."
            },
            converter = AnsatzConverter.class)
    private Ansatz ansatz;

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
        CompressionOptions options = new CompressionOptions(
                budget,
                ansatz,
                calibration.text(),
                evaluation == null ? BundledText.evaluation() : TextFile.read(evaluation),
                calibration.tokens(),
                1 << 14,
                type,
                !noSensitivities,
                calibration.algebra(),
                calibration.work(),
                overwrite,
                threads);
        CompressionReport report;
        try (ProgressDisplay progress = new ProgressDisplay()) {
            report = Compressor.compress(input, output, options, progress);
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
