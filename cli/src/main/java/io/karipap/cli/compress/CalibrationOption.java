package io.karipap.cli.compress;

import io.karipap.budget.Budget;
import io.karipap.cli.option.TextFile;
import io.karipap.compress.CompressionOptions;
import io.karipap.environment.BundledText;
import io.karipap.environment.CalibrationOptions;
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

    private int tokens() {
        if (tokens < 16) {
            throw new IllegalArgumentException("--calibration-tokens is " + tokens + ", expected at least 16");
        }
        return tokens;
    }

    /**
     * What is measured.
     *
     * @param threads 0 for all processors
     */
    public CalibrationOptions options(int threads) throws IOException {
        return new CalibrationOptions(
                text(), tokens(), work == null ? CalibrationOptions.defaultWork() : work, threads);
    }

    /**
     * Options for a compression that calibrates so.
     *
     * @param threads 0 for all processors
     */
    public CompressionOptions.Builder compressing(Budget budget, int threads) throws IOException {
        return CompressionOptions.within(budget).calibration(options(threads)).algebra(algebra);
    }

    /** The text; of several files an equal part each, six characters for a token. */
    private String text() throws IOException {
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
