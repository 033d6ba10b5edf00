package io.karipap.cli.compress;

import io.karipap.cli.option.TextFile;
import io.karipap.format.ModelSource;
import io.karipap.json.Json;
import io.karipap.kernels.ProcessorCores;
import io.karipap.tokenizer.EncodeOptions;
import io.karipap.tokenizer.Tokenizer;
import io.karipap.train.TokenText;
import io.karipap.train.TrainingOptions;
import io.karipap.train.TrainingOptions.Precision;
import io.karipap.train.TrainingTexts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** Options of the commands that train. */
public final class TrainingOption {
    @Option(
            names = "--text",
            paramLabel = "PATH[=WEIGHT]",
            required = true,
            description = {
                "UTF-8 text to learn from, or a folder whose .txt files are one; several share the sequences by their weights.",
                "Default weight: the number of tokens. Files that are validated on are left out."
            })
    private List<String> texts = List.of();

    @Option(
            names = "--validation",
            paramLabel = "FILE",
            required = true,
            description = "Text to measure on, never learned from; may be given several times, each counts the same.")
    private List<Path> validation = List.of();

    @Option(
            names = "--tokens",
            paramLabel = "N",
            defaultValue = "1000000",
            description = {
                "Tokens to learn from. A run that was killed may go on with another number; its rate then follows the new",
                "schedule. Default: ${DEFAULT-VALUE}."
            })
    private long tokens;

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "8",
            description = "Sequences a step. Default: ${DEFAULT-VALUE}.")
    private int batch;

    @Option(
            names = "--sequence",
            paramLabel = "N",
            defaultValue = "512",
            description = "Tokens of a sequence. Default: ${DEFAULT-VALUE}.")
    private int sequence;

    @Option(
            names = "--rate",
            paramLabel = "R",
            defaultValue = "1e-3",
            description = "Peak learning rate. Default: ${DEFAULT-VALUE}.")
    private double rate;

    @Option(
            names = "--warm-up",
            paramLabel = "SHARE",
            defaultValue = "0.05",
            description = "Share of the steps in which the rate rises. Default: ${DEFAULT-VALUE}.")
    private double warmUp;

    @Option(
            names = "--last-rate",
            paramLabel = "SHARE",
            defaultValue = "0.05",
            description = "Share of the peak that the cosine ends with. Default: ${DEFAULT-VALUE}.")
    private double lastRate;

    @Option(
            names = "--weight-decay",
            paramLabel = "W",
            defaultValue = "0.1",
            description = "Weight decay of matrices and sites. Default: ${DEFAULT-VALUE}.")
    private double decay;

    @Option(
            names = "--clip",
            paramLabel = "NORM",
            defaultValue = "1",
            description = "Largest norm of a gradient. Default: ${DEFAULT-VALUE}.")
    private double clip;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Order of the sequences, and random weights. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--precision",
            paramLabel = "TYPE",
            defaultValue = "BF16",
            description =
                    "What the passes compute in: ${COMPLETION-CANDIDATES}; weights and updates are F32. Default: ${DEFAULT-VALUE}.")
    private Precision precision;

    @Option(
            names = "--validation-tokens",
            paramLabel = "N",
            defaultValue = "20480",
            description = "Most tokens measured of every validation text. Default: ${DEFAULT-VALUE}.")
    private int validationTokens;

    @Option(
            names = "--validate-every",
            paramLabel = "N",
            defaultValue = "50",
            description = "Steps between validations. Default: ${DEFAULT-VALUE}.")
    private int validateEvery;

    @Option(
            names = "--patience",
            paramLabel = "N",
            defaultValue = "10",
            description = "Stop after so many validations without a new lowest loss. Default: ${DEFAULT-VALUE}.")
    private int patience;

    @Option(
            names = "--checkpoint-every",
            paramLabel = "N",
            defaultValue = "50",
            description = "Steps between checkpoints. Default: ${DEFAULT-VALUE}.")
    private int checkpointEvery;

    @Option(
            names = "--checkpoints",
            paramLabel = "DIR",
            description = {
                "Folder for checkpoints and the loss curve; a run that was killed goes on from there.",
                "Default: OUT-checkpoints."
            })
    private Path checkpoints;

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "0",
            description = "Threads; 0 for all physical cores.")
    private int threads;

    public TrainingOptions options(Path output) {
        return options(output, 0);
    }

    /** @param other tokens to learn from, 0 for those asked for */
    public TrainingOptions options(Path output, long other) {
        return TrainingOptions.into(
                        checkpoints == null
                                ? output.resolveSibling(output.getFileName() + "-checkpoints")
                                : checkpoints)
                .tokens(other == 0 ? tokens : other)
                .batch(batch)
                .sequence(sequence)
                .rate(rate)
                .warmUp(warmUp)
                .lastRate(lastRate)
                .decay(decay)
                .clip(clip)
                .seed(seed)
                .precision(precision)
                .validationTokens(validationTokens)
                .validateEvery(validateEvery)
                .patience(patience)
                .checkpointEvery(checkpointEvery)
                .threads(ProcessorCores.orAll(threads))
                .build();
    }

    /** All files to learn from. */
    public List<Path> trainingFiles() throws IOException {
        List<Path> files = new ArrayList<>();
        for (String text : texts) {
            files.addAll(files(Path.of(text.split("=", 2)[0])));
        }
        return files;
    }

    /** The texts as tokens of the model in {@code directory}. */
    public TrainingTexts texts(Path directory) throws IOException {
        Tokenizer tokenizer = Tokenizer.load(directory);
        int separator = separator(directory);
        List<TokenText> held = new ArrayList<>();
        for (Path file : validation) {
            held.add(new TokenText(file.getFileName().toString(), encode(tokenizer, file)));
        }
        List<TokenText> training = new ArrayList<>();
        double[] weights = new double[texts.size()];
        for (int i = 0; i < texts.size(); i++) {
            String[] parts = texts.get(i).split("=", 2);
            TokenText text = read(tokenizer, Path.of(parts[0]), separator);
            training.add(text);
            weights[i] = parts.length < 2 ? text.ids().length : weight(parts[1]);
        }
        return new TrainingTexts(training, weights, held);
    }

    /** The token that ends a document, −1 for none; of several, the first: the others end turns of a conversation. */
    static int separator(Path directory) throws IOException {
        JsonNode end = Json.parse(ModelSource.of(directory).read("config.json")).path("eos_token_id");
        return (end.isArray() ? end.path(0) : end).asInt(-1);
    }

    private static double weight(String text) {
        try {
            double weight = Double.parseDouble(text);
            if (weight > 0 && Double.isFinite(weight)) {
                return weight;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new IllegalArgumentException("the weight of a --text is \"" + text + "\", expected a positive number");
    }

    private TokenText read(Tokenizer tokenizer, Path path, int separator) throws IOException {
        IntStream ids = IntStream.empty();
        for (Path file : files(path)) {
            IntStream own = IntStream.of(encode(tokenizer, file));
            ids = IntStream.concat(ids, separator < 0 ? own : IntStream.concat(own, IntStream.of(separator)));
        }
        return new TokenText(path.getFileName().toString(), ids.toArray());
    }

    /** A file, or the .txt files of a folder, without those that are validated on. */
    private List<Path> files(Path path) throws IOException {
        List<Path> files = List.of(path);
        if (Files.isDirectory(path)) {
            try (Stream<Path> list = Files.list(path)) {
                files = list.filter(file -> file.toString().endsWith(".txt")
                                && !file.getFileName().toString().equals("SOURCE.txt"))
                        .sorted()
                        .toList();
            }
        }
        Set<Path> held = new HashSet<>();
        for (Path file : validation) {
            held.add(file.toRealPath());
        }
        List<Path> left = new ArrayList<>();
        for (Path file : files) {
            if (!held.contains(file.toRealPath())) {
                left.add(file);
            }
        }
        if (left.isEmpty()) {
            throw new IllegalArgumentException(path + " has no text that is not validated on");
        }
        return left;
    }

    private static int[] encode(Tokenizer tokenizer, Path file) throws IOException {
        return tokenizer.encode(TextFile.read(file), EncodeOptions.PARSED);
    }
}
