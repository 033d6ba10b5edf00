package io.karipap.cli.compress;

import io.karipap.cli.option.ModelLocation;
import io.karipap.cli.option.ProgressDisplay;
import io.karipap.environment.CalibratedModel;
import io.karipap.linalg.LinearAlgebra;
import io.karipap.profile.CutProfile;
import io.karipap.profile.CutProfile.Cut;
import io.karipap.profile.ProfileReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Where a model has room. */
@Command(
        name = "profile",
        mixinStandardHelpOptions = true,
        description = {
            "Writes the entanglement profile of a dense model: singular value spectra and entropies of the cuts through every",
            "operator, as profile.json, spectra.svg and entropies.svg (and PNG), and prints the mean by block."
        },
        footer = {"", "Example: karipap profile compressor/models/tales profile"})
final class ProfileCommand implements Callable<Integer> {
    @Parameters(
            index = "0",
            paramLabel = "IN",
            description = "Dense model: directory, GGUF file, or name of one that was pulled.")
    private ModelLocation input;

    @Parameters(index = "1", paramLabel = "OUT", description = "Directory to write to.")
    private Path output;

    @Mixin
    private CalibrationOption calibration;

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "0",
            description = "Threads; 0 for all physical cores.")
    private int threads;

    @Override
    public Integer call() throws Exception {
        List<CutProfile> cuts = new ArrayList<>();
        try (ProgressDisplay progress = new ProgressDisplay()) {
            LinearAlgebra algebra = calibration.algebra().open(progress::report);
            CalibratedModel.measure(input.path(), calibration.options(threads), progress, operator -> {
                for (Cut cut : Cut.values()) {
                    cuts.add(CutProfile.of(operator, cut, algebra));
                }
            });
        }
        ProfileReport report = new ProfileReport(cuts);
        report.write(output);
        System.out.println("| block | plain | whitened | chain |\n|---|---|---|---|");
        Map<Integer, Double> plain = report.byBlock(Cut.PLAIN);
        plain.keySet()
                .forEach(block -> System.out.printf(
                        Locale.ROOT,
                        "| %d | %.3f | %.3f | %.3f |%n",
                        block,
                        plain.get(block),
                        report.byBlock(Cut.WHITENED).get(block),
                        report.byBlock(Cut.CHAIN).get(block)));
        System.out.printf(
                Locale.ROOT,
                "rank correlation with depth (−1: deeper blocks have more room): plain %.2f, whitened %.2f, chain %.2f%n",
                report.depthCorrelation(Cut.PLAIN),
                report.depthCorrelation(Cut.WHITENED),
                report.depthCorrelation(Cut.CHAIN));
        System.out.println("written to " + output);
        return 0;
    }
}
