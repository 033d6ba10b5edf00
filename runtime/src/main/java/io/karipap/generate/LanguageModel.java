package io.karipap.generate;

import io.karipap.format.ModelFormatException;
import io.karipap.format.packed.PackedCache;
import io.karipap.kernels.WeightType;
import io.karipap.load.LoadedModel;
import io.karipap.model.Progress;
import io.karipap.model.Transformer;
import io.karipap.tokenizer.EncodeOptions;
import io.karipap.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A model with its tokenizer, ready to generate. Thread-safe: texts asked for at the same time are computed together.
 *
 * <pre>{@code
 * try (LanguageModel model = LanguageModel.load(Path.of("model"))) {
 *     for (String piece : model.generate("Once upon a time", GenerationOptions.greedy(100))) {
 *         System.out.print(piece);
 *     }
 * }
 * }</pre>
 *
 * @since 0.1
 */
public final class LanguageModel implements AutoCloseable {
    private final LoadedModel model;
    private final Engine engine;
    private final GenerationDefaults defaults;

    private LanguageModel(LoadedModel model, EngineOptions limits, GenerationDefaults defaults) {
        this.model = model;
        this.defaults = defaults;
        this.engine = new Engine(model, limits);
    }

    /** Loads a Hugging Face or Karipap directory, or a GGUF file, with default options. */
    public static LanguageModel load(Path path) throws IOException {
        return load(path, LoadOptions.DEFAULT);
    }

    /**
     * Loads a Hugging Face or Karipap directory, or a GGUF file.
     *
     * @throws IOException if a file cannot be read
     * @throws ModelLoadException if a file is malformed or not supported
     * @throws io.karipap.tokenizer.TokenizerException if the tokenizer is malformed or not supported
     */
    public static LanguageModel load(Path path, LoadOptions options) throws IOException {
        Optional<PackedCache> cache = options.packedFolder().map(PackedCache::new);
        return load(options, (threads, weights, progress) -> LoadedModel.load(path, threads, weights, progress, cache));
    }

    /** Loads the small compressed model that comes with the library. */
    public static LanguageModel bundled(LoadOptions options) throws IOException {
        return load(options, LoadedModel::bundled);
    }

    /** Where a model comes from. */
    private interface Loading {
        LoadedModel load(int threads, Optional<WeightType> weights, Progress progress) throws IOException;
    }

    private static LanguageModel load(LoadOptions options, Loading loading) throws IOException {
        try {
            LoadedModel model = loading.load(
                    options.threads().orElse(0),
                    options.weights().map(WeightPrecision::type),
                    progress(options.progress()));
            try {
                return new LanguageModel(model, options.engine(), GenerationDefaults.read(model.source()));
            } catch (IOException | RuntimeException e) {
                model.close();
                throw e;
            }
        } catch (ModelFormatException e) {
            throw new ModelLoadException(e);
        }
    }

    private static Progress progress(LoadProgress listener) {
        return new Progress() {
            @Override
            public void report(String stage, long done, long total) {
                listener.report(stage, done, total);
            }

            @Override
            public void notice(String sentence) {
                listener.notice(sentence);
            }
        };
    }

    /** Name of the model: that of its directory. */
    public String name() {
        return model.name();
    }

    /** How the model's authors would have it sampled. {@link #generate} does only what its options say. */
    public GenerationDefaults defaults() {
        return defaults;
    }

    /** The model's own tokenizer. */
    public Tokenizer tokenizer() {
        return model.tokenizer();
    }

    /** What computes the model's texts together; for several requests at a time, with events. */
    public Engine engine() {
        return engine;
    }

    /** Size of the model's vocabulary: token ids are less than it. */
    public int vocabularySize() {
        return model.transformer().config().vocabularySize();
    }

    /** Name of the kernels that compute, such as {@code vector}. */
    public String kernelName() {
        return model.transformer().kernelName();
    }

    /** Threads that work on a step. */
    public int threads() {
        return model.transformer().threads();
    }

    Transformer transformer() {
        return model.transformer();
    }

    /** Token ids of a prompt: the model's template applied, special tokens in the text being plain text. */
    public int[] encodePrompt(String prompt) {
        return tokenizer().encode(prompt, EncodeOptions.PROMPT);
    }

    /**
     * Starts a text.
     *
     * @throws IllegalArgumentException if the prompt is empty or too long
     */
    public TextStream generate(String prompt, GenerationOptions options) {
        return generate(encodePrompt(prompt), options);
    }

    /** As {@link #generate(String, GenerationOptions)}, for token ids that are used as they are. */
    public TextStream generate(int[] prompt, GenerationOptions options) {
        return new TextStream(engine, prompt, options);
    }

    /** Generates a text, hands each piece to {@code callback} as it comes and returns the whole. */
    public GenerationResult generate(String prompt, GenerationOptions options, Consumer<String> callback) {
        try (TextStream stream = generate(prompt, options)) {
            return stream.readAll(callback);
        }
    }

    /**
     * Generates a text for every prompt, all of them together; each is the same as alone.
     *
     * @return results in the order of the prompts
     * @throws IllegalArgumentException if a prompt is empty or too long
     * @throws EngineFullException if the engine's queue has no room for so many
     */
    public List<GenerationResult> generateAll(List<String> prompts, GenerationOptions options) {
        List<TextStream> streams = new ArrayList<>();
        try {
            prompts.forEach(prompt -> streams.add(generate(prompt, options)));
            return streams.stream().map(stream -> stream.readAll(piece -> {})).toList();
        } finally {
            streams.forEach(TextStream::close);
        }
    }

    /** Ends all texts and frees the model. */
    @Override
    public void close() {
        engine.close();
    }
}
