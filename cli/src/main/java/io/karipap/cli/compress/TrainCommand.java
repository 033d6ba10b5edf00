package io.karipap.cli.compress;

import io.karipap.cli.option.ModelLocation;
import io.karipap.cli.option.ProgressDisplay;
import io.karipap.cli.option.TextFile;
import io.karipap.directory.AtomicDirectory;
import io.karipap.json.Json;
import io.karipap.kernels.WeightType;
import io.karipap.train.BytePairTraining;
import io.karipap.train.ModelTraining;
import io.karipap.train.TrainingReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

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
    /** The first separates documents. */
    private static final List<String> SPECIAL = List.of("<|endoftext|>", "<|im_start|>", "<|im_end|>");

    @Parameters(index = "0", paramLabel = "OUT", description = "Directory to make.")
    private Path output;

    @ArgGroup(multiplicity = "1")
    private Start start;

    private static final class Start {
        @Option(names = "--continue", paramLabel = ModelLocation.LABEL, description = "Model whose training goes on.")
        private ModelLocation model;

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

    @Option(
            names = "--vocabulary",
            paramLabel = "N",
            description = {
                "With --config: learn a byte-level BPE tokenizer of N tokens from the texts first; CONFIG then needs no",
                "tokenizer. Default: the tokenizer in the folder."
            })
    private Integer vocabulary;

    @Option(
            names = "--dtype",
            paramLabel = "TYPE",
            description = {
                "With --config: what matrices and sites are stored as, and rounded to while they are trained:",
                "${COMPLETION-CANDIDATES}. Default: BF16."
            })
    private WeightType type;

    @Mixin
    private TrainingOption training;

    @Override
    public Integer call() throws Exception {
        if ((networks != null || vocabulary != null || type != null) && start.model != null) {
            throw new IllegalArgumentException(
                    "--networks, --vocabulary and --dtype belong to --config: a model that goes on has its own");
        }
        try (ProgressDisplay progress = new ProgressDisplay()) {
            Path from = start.model != null ? start.model.path() : start.config;
            if (vocabulary != null) {
                from = withVocabulary(progress);
            }
            ModelTraining run = new ModelTraining(training.texts(from), training.options(output), progress);
            print(
                    start.model != null
                            ? run.continued(from, output)
                            : run.fresh(from, networks, type == null ? WeightType.BF16 : type, output),
                    output);
        }
        return 0;
    }

    /** A folder with the configuration for a vocabulary of the asked size, and the tokenizer; made once. */
    private Path withVocabulary(ProgressDisplay progress) throws IOException {
        Path folder = training.options(output).checkpoints().resolve("tokenizer-" + vocabulary);
        if (Files.exists(folder)) {
            return folder;
        }
        Map<String, Long> counts = new HashMap<>();
        for (Path file : training.trainingFiles()) {
            BytePairTraining.count(TextFile.read(file), SPECIAL, counts);
        }
        ObjectNode config = (ObjectNode) Json.parse(Files.readAllBytes(start.config.resolve("config.json")));
        int separator = vocabulary - SPECIAL.size();
        config.put("vocab_size", vocabulary).put("bos_token_id", separator).put("eos_token_id", separator);
        try (AtomicDirectory directory = AtomicDirectory.create(folder, false)) {
            Files.write(
                    directory.path().resolve("tokenizer.json"),
                    BytePairTraining.train(counts, vocabulary, SPECIAL, progress));
            Files.write(directory.path().resolve("config.json"), Json.prettyBytes(config));
            directory.commit();
        }
        return folder;
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
