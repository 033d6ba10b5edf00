package io.karipap.cli.compress;

import io.karipap.cli.option.TextFile;
import io.karipap.compress.Ansatz;
import io.karipap.compress.Budget;
import io.karipap.compress.BundledText;
import io.karipap.compress.CompressionOptions;
import io.karipap.kernels.WeightType;
import io.karipap.linalg.Algebra;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Options of the commands that measure what flows into the operators of a model. */
public final class CalibrationOption {
    @Option(
            names = "--calibration",
            paramLabel = "FILE",
            description = {
                "UTF-8 text that weighs the errors; several files share its tokens. Use text like that which the model",
                "will see. Default: bundled text written by the bundled model."
            })
    private List<Path> calibration = new ArrayList<>();

    @Option(
            names = "--calibration-tokens",
            paramLabel = "N",
            defaultValue = "65536",
            description = "Most tokens used of it. Default: ${DEFAULT-VALUE}.")
    private int tokens;

    @Option(
            names = "--algebra",
            paramLabel = "NAME",
            defaultValue = "TORCH",
            description = "TORCH (LibTorch, native, fast) or EJML (plain Java, everywhere). Default: ${DEFAULT-VALUE}.")
    private Algebra algebra;

    @Option(
            names = "--work",
            paramLabel = "DIR",
            description = {
                "Where intermediate results are kept, by hash: moments, factors, curves. A run that was killed goes on from",
                "there, and another size starts from there; it may be deleted at any time.",
                "Default: $KARIPAP_WORK or ~/.cache/karipap."
            })
    private Path work;

    public Algebra algebra() {
        return algebra;
    }

    public Path work() {
        return work == null ? CompressionOptions.defaultWork() : work;
    }

    public int tokens() {
        if (tokens < 16) {
            throw new IllegalArgumentException("--calibration-tokens is " + tokens + ", expected at least 16");
        }
        return tokens;
    }

    /** Options for {@link io.karipap.compress.Compressor#measure}, which compresses nothing. */
    public CompressionOptions measuring(int threads) throws IOException {
        return compressing(new Budget.FullRank(), Ansatz.LOW_RANK, null, false, 1, threads);
    }

    /** Options for a compression whose result is measured on {@code evaluationTokens} of the bundled text. */
    public CompressionOptions compressing(
            Budget budget, Ansatz ansatz, WeightType type, boolean sensitivities, int evaluationTokens, int threads)
            throws IOException {
        return new CompressionOptions(
                budget,
                ansatz,
                text(),
                BundledText.evaluation(),
                tokens(),
                evaluationTokens,
                type,
                sensitivities,
                algebra(),
                work(),
                false,
                threads);
    }

    /** The text; of several files an equal part each, six characters for a token. */
    public String text() throws IOException {
        if (calibration.isEmpty()) {
            return BundledText.calibration();
        }
        StringBuilder text = new StringBuilder();
        int share = 6 * tokens() / calibration.size() + 1;
        for (Path file : calibration) {
            String content = TextFile.read(file);
            text.append(content, 0, Math.min(content.length(), share));
        }
        return text.toString();
    }
}
