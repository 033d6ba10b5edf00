package io.karipap.cli.compress;

import io.karipap.cli.option.ByteSize;
import io.karipap.cli.option.ModelLocation;
import io.karipap.cli.option.ProgressDisplay;
import io.karipap.kernels.WeightType;
import io.karipap.train.ModelTraining;
import io.karipap.train.Storage;
import io.karipap.train.TrainingReport;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Heals a compressed model. */
@Command(
        name = "heal",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Wins back what compression lost: the sites of a Karipap directory learn on text to say what the dense model says.",
            "Sites are rounded as they are stored while they learn. The result is never worse on the validation texts than IN."
        },
        footer = {
            "",
            "Example:",
            "  karipap heal tales-0.3 tales-0.3-healed --teacher compressor/models/tales \\",
            "    --text novels=3 --text train_stories.txt=1 --validation treasure_island.txt --tokens 1000000"
        })
final class HealCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "IN", description = "Karipap directory.")
    private Path input;

    @Parameters(index = "1", paramLabel = "OUT", description = "Directory to make.")
    private Path output;

    @Option(
            names = "--teacher",
            paramLabel = ModelLocation.LABEL,
            required = true,
            description = "The dense model: directory, GGUF file, or name of one that was pulled.")
    private ModelLocation teacher;

    @Option(
            names = "--temperature",
            paramLabel = "T",
            defaultValue = "1",
            description = "At which the two are compared. Default: ${DEFAULT-VALUE}.")
    private double temperature;

    @Option(
            names = "--teacher-share",
            paramLabel = "S",
            defaultValue = "0.5",
            description =
                    "Share of the divergence from the teacher in the loss; the rest is cross-entropy with the text. Default: ${DEFAULT-VALUE}.")
    private double share;

    @ArgGroup
    private Stored stored = new Stored();

    private static final class Stored {
        @Option(
                names = "--dtype",
                paramLabel = "TYPE",
                description = "What sites and matrices are stored as: ${COMPLETION-CANDIDATES}. Default: as in IN.")
        private WeightType type;

        @Option(
                names = "--bytes",
                paramLabel = "SIZE",
                description = {
                    "Stored bytes, scales included, such as 2MB: sites and matrices become 8-bit codes, and those 4-bit codes",
                    "that lose least by it."
                })
        private String bytes;

        Storage storage() {
            if (bytes != null) {
                return new Storage.Within(ByteSize.parse("--bytes", bytes));
            }
            return type == null ? new Storage.AsItIs() : new Storage.OneType(type);
        }
    }

    @Mixin
    private TrainingOption training;

    @Override
    public Integer call() throws Exception {
        try (ProgressDisplay progress = new ProgressDisplay()) {
            TrainingReport report = new ModelTraining(training.texts(input), training.options(output), progress)
                    .heal(input, teacher.path(), output, stored.storage(), temperature, share);
            TrainCommand.print(report, output);
        }
        return 0;
    }
}
