package io.karipap.environment;

import io.karipap.directory.Sha256;
import io.karipap.format.GgufSource;
import io.karipap.format.ModelFormatException;
import io.karipap.format.ModelSource;
import io.karipap.format.TensorStore;
import io.karipap.kernels.KernelChoice;
import io.karipap.kernels.choice.KernelProvider;
import io.karipap.model.ModelLoader;
import io.karipap.model.Progress;
import io.karipap.model.Transformer;
import io.karipap.model.config.ModelConfig;
import io.karipap.network.NetworkFile;
import io.karipap.operator.DenseModel;
import io.karipap.operator.Operator;
import io.karipap.tokenizer.EncodeOptions;
import io.karipap.tokenizer.Tokenizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A dense model on disk, together with what flows into its operators on a calibration text. */
public final class CalibratedModel implements AutoCloseable {
    /** Tokens of a window; each starts with an empty context. */
    public static final int WINDOW = 512;

    /** Tokens kept aside from the calibration text to decide by. */
    private static final int MAX_SELECTION_TOKENS = 4096;

    private final Path input;
    private final ModelSource source;
    private final ModelConfig config;
    private final Tokenizer tokenizer;
    private final KernelChoice kernels = KernelProvider.choose();
    private final int threads;
    private final int[] measured;
    private final int[] aside;
    private final TensorStore store;
    private final String hash;
    private final WorkFiles files;
    private final Calibration calibration;

    private CalibratedModel(Path input, CalibrationOptions options, Stages stages, Progress progress)
            throws IOException {
        this.input = input;
        source = ModelSource.of(input);
        config = ModelLoader.readConfig(source);
        tokenizer = Tokenizer.load(input);
        threads =
                options.threads() > 0 ? options.threads() : Runtime.getRuntime().availableProcessors();
        if (source.has(NetworkFile.NAME)) {
            throw new ModelFormatException(input + " is a Karipap directory already, expected a dense model");
        }
        int[] ids = tokenizer.encode(options.text(), EncodeOptions.PARSED);
        int total = Math.min(ids.length, options.maxTokens());
        int kept = Math.min(MAX_SELECTION_TOKENS, total / 8);
        measured = Arrays.copyOf(ids, total - kept);
        aside = Arrays.copyOfRange(ids, total - kept, total);
        hash = stages.run("hash", () -> weightsHash(source, input));
        files = new WorkFiles(options.work().resolve(key(hash, options.text(), measured.length)));
        calibration = stages.run(
                "calibrate", () -> Calibration.measure(config, this::load, kernels, measured, WINDOW, files, progress));
        store = ModelLoader.open(source, config);
    }

    /**
     * Opens a model and measures what is not kept yet.
     *
     * @throws IOException if a file cannot be read or written
     * @throws ModelFormatException if the model is malformed, not supported or compressed already
     */
    public static CalibratedModel open(Path input, CalibrationOptions options, Stages stages, Progress progress)
            throws IOException {
        return new CalibratedModel(input, options, stages, progress);
    }

    /**
     * The operators of a dense model with the metric of what flows into them on the calibration text.
     *
     * @param each receives them one by one
     * @throws IOException if a file cannot be read or written
     * @throws ModelFormatException if the model is malformed or compressed already
     */
    public static void measure(
            Path input, CalibrationOptions options, Progress progress, Consumer<MeasuredOperator> each)
            throws IOException {
        try (CalibratedModel model = open(input, options, new Stages(), progress)) {
            for (Operator operator : model.operators().all()) {
                each.accept(MeasuredOperator.of(operator));
            }
        }
    }

    /** Its operators, all of sensitivity 1. */
    public DenseModel operators() {
        return DenseModel.of(config, store, calibration::metric, measured);
    }

    /** A judge by the text that was kept aside. */
    public CandidateModel candidates() {
        return new CandidateModel(store, config, kernels, threads, aside);
    }

    /** The model, to compute with. */
    public Transformer load() {
        return load(source);
    }

    /** Another model, with the same kernels and threads. */
    public Transformer load(ModelSource other) {
        try {
            return ModelLoader.load(other, kernels, threads);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + input, e);
        }
    }

    public Tokenizer tokenizer() {
        return tokenizer;
    }

    /** Its tensors. */
    public TensorStore store() {
        return store;
    }

    /** Where intermediate results are kept: a folder for this model, this text and so many tokens of it. */
    public WorkFiles files() {
        return files;
    }

    /** SHA-256 of its weights. */
    public String hash() {
        return hash;
    }

    /** Tokens that the moments were measured on. */
    public int tokens() {
        return measured.length;
    }

    /** Names what intermediate results depend on: weights, calibration text, tokens used of it. */
    private static String key(String hash, String text, int tokens) {
        return hash.substring(0, 16) + "-" + Sha256.of(text).substring(0, 16) + "-" + tokens;
    }

    /** SHA-256 over the weight files, in order of their names. */
    private static String weightsHash(ModelSource source, Path directory) throws IOException {
        if (source instanceof GgufSource gguf) {
            return Sha256.of(gguf.files());
        }
        try (Stream<Path> list = Files.list(directory)) {
            List<Path> weights = list.filter(file -> file.toString().endsWith(".safetensors"))
                    .sorted()
                    .toList();
            return Sha256.of(weights);
        }
    }

    @Override
    public void close() {
        store.close();
    }
}
