package io.karipap.cli;

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
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Compresses a model. */
@Command(
        name = "compress",
        mixinStandardHelpOptions = true,
        description = {
            "Compresses a Hugging Face directory into a Karipap directory.",
            "Every linear operator becomes two sites joined by a bond (whitened low rank); bonds are chosen so that",
            "the stored parameters of all tensors meet the asked ratio with the least error on the calibration text."
        },
        footer = {"", "Example: karipap compress compressor/models/tales tales-half --params 0.5"})
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

        @Option(names = "--full-rank", description = "Factor everything without loss (larger than the dense model).")
        private boolean fullRank;
    }

    @Option(
            names = "--calibration",
            paramLabel = "FILE",
            description = "UTF-8 text that weighs the errors. Default: bundled text written by the bundled model.")
    private Path calibration;

    @Option(
            names = "--evaluation",
            paramLabel = "FILE",
            description = "UTF-8 text to measure perplexity on. Default: bundled text.")
    private Path evaluation;

    @Option(
            names = "--dtype",
            paramLabel = "TYPE",
            description = "How sites are stored: ${COMPLETION-CANDIDATES}. Default: as the matrix was.")
    private WeightType type;

    @Option(names = "--overwrite", description = "Replace OUT if it exists.")
    private boolean overwrite;

    @Option(names = "--threads", paramLabel = "N", defaultValue = "0", description = "Threads; 0 for all processors.")
    private int threads;

    @Override
    public Integer call() throws Exception {
        Budget budget = size.fullRank ? new Budget.FullRank() : new Budget.ParameterRatio(size.params);
        CompressionOptions options = new CompressionOptions(
                budget,
                calibration == null ? BundledText.calibration() : TextFile.read(calibration),
                evaluation == null ? BundledText.evaluation() : TextFile.read(evaluation),
                1 << 16,
                1 << 14,
                type,
                overwrite,
                threads);
        CompressionReport report;
        try (ProgressDisplay progress = new ProgressDisplay()) {
            report = Compressor.compress(input, output, options, progress);
        }
        System.out.printf(
                Locale.ROOT,
                "%-12s %12s %12s%nparameters   %,12d %,12d   (%.4f)%nbytes        %,12d %,12d   (%.4f)%nperplexity   %12.3f %12.3f%n"
                        + "%.1f s, written to %s%n",
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
                report.after().perplexity(),
                report.duration().toMillis() / 1e3,
                output);
        return 0;
    }
}
