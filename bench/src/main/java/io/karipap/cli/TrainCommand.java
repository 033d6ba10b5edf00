package io.karipap.cli;

import io.karipap.train.ModelTraining;
import io.karipap.train.TrainingReport;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Trains a model. */
@Command(
        name = "train",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {"Trains a model of the Llama family on text: a dense one, or one of site tensors from the start."
        },
        footer = {
            "",
            "Examples:",
            "  karipap train tales-2 --continue compressor/models/tales --text novels=3 --text stories.txt=1 \\",
            "    --validation treasure_island.txt --tokens 20000000",
            "  karipap train small --config small-config --networks tales-0.3/network.json --text stories.txt \\",
            "    --validation other_stories.txt"
        })
final class TrainCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "OUT", description = "Directory to make.")
    private Path output;

    @ArgGroup(multiplicity = "1")
    private Start start;

    private static final class Start {
        @Option(names = "--continue", paramLabel = "DIR", description = "Model whose training goes on.")
        private Path model;

        @Option(
                names = "--config",
                paramLabel = "DIR",
                description = "Folder with a config.json and a tokenizer; the weights are random.")
        private Path config;
    }

    @Option(
            names = "--networks",
            paramLabel = "FILE",
            description = "With --config: a network.json; operators are networks of that form. Default: matrices.")
    private Path networks;

    @Mixin
    private TrainingOption training;

    @Override
    public Integer call() throws Exception {
        if (networks != null && start.model != null) {
            throw new IllegalArgumentException("--networks belongs to --config: a model that goes on has its networks");
        }
        Path from = start.model != null ? start.model : start.config;
        try (ProgressDisplay progress = new ProgressDisplay()) {
            ModelTraining run = new ModelTraining(training.texts(from), training.options(output), progress);
            print(start.model != null ? run.continued(from, output) : run.fresh(from, networks, output), output);
        }
        return 0;
    }

    static void print(TrainingReport report, Path output) {
        System.out.printf(
                Locale.ROOT,
                "parameters   %,d%ntokens       %,d in %,d steps%nvalidation   %.4f before, %.4f after step %,d (nats per token)%n%.1f s, written to %s%n",
                report.parameters(),
                report.tokens(),
                report.steps(),
                report.before(),
                report.after(),
                report.bestStep(),
                report.duration().toMillis() / 1e3,
                output);
    }
}
