package io.karipap.generate;

import io.karipap.format.GgufSource;
import io.karipap.format.ModelFormatException;
import io.karipap.format.ModelSource;
import io.karipap.kernels.KernelProvider;
import io.karipap.model.ModelLoader;
import io.karipap.model.Transformer;
import io.karipap.tokenizer.EncodeOptions;
import io.karipap.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

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
 */
public final class LanguageModel implements AutoCloseable {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final String BUNDLED = "/io/karipap/models/tales-small";

    private final String name;
    private final Transformer model;
    private final Tokenizer tokenizer;
    private final int startToken;
    private final Engine engine;

    private LanguageModel(String name, Transformer model, Tokenizer tokenizer, int startToken, Engine engine) {
        this.startToken = startToken;
        this.name = name;
        this.model = model;
        this.tokenizer = tokenizer;
        this.engine = engine;
    }

    /** Loads a Hugging Face or Karipap directory, or a GGUF file, with default options. */
    public static LanguageModel load(Path path) throws IOException {
        return load(path, LoadOptions.DEFAULT);
    }

    /**
     * Loads a Hugging Face or Karipap directory, or a GGUF file.
     *
     * @throws IOException if a file cannot be read
     * @throws ModelFormatException if a file is malformed or not supported
     * @throws io.karipap.tokenizer.TokenizerException if the tokenizer is malformed or not supported
     */
    public static LanguageModel load(Path path, LoadOptions options) throws IOException {
        ModelSource source = ModelSource.of(path);
        return load(source.modelName(), source, options);
    }

    /** Loads the small compressed model that comes with the library. */
    public static LanguageModel bundled(LoadOptions options) throws IOException {
        return load("tales-small", new ModelSource.ClassPath(LanguageModel.class, BUNDLED), options);
    }

    private static LanguageModel load(String name, ModelSource source, LoadOptions options) throws IOException {
        FutureTask<Tokenizer> tokenizerTask = new FutureTask<>(tokenizer(source));
        Thread.ofPlatform().name("karipap-load-tokenizer").daemon().start(tokenizerTask);
        Set<Integer> endTokens = tokens(source, "eos_token_id");
        int startToken = Stream.concat(tokens(source, "bos_token_id").stream(), endTokens.stream())
                .findFirst()
                .orElse(-1);
        Transformer model = ModelLoader.load(
                source, KernelProvider.choose(), options.actualThreads(), options.weights(), options.progress());
        Tokenizer tokenizer;
        try {
            tokenizer = tokenizerTask.get();
        } catch (ExecutionException | InterruptedException e) {
            model.close();
            throw e.getCause() instanceof RuntimeException cause
                    ? cause
                    : new ModelFormatException(source.describe("tokenizer.json") + " could not be loaded", e);
        }
        int contextLength = model.config().maxPositions();
        EngineOptions limits = options.engine() != null ? options.engine() : EngineOptions.defaults(contextLength);
        return new LanguageModel(
                name, model, tokenizer, startToken, new Engine(model, tokenizer, endTokens::contains, limits));
    }

    private static Callable<Tokenizer> tokenizer(ModelSource source) throws IOException {
        if (source instanceof GgufSource gguf) {
            return () -> Tokenizer.load(gguf.file());
        }
        byte[] json = source.read("tokenizer.json");
        return () -> Tokenizer.read(source.describe("tokenizer.json"), json);
    }

    private static Set<Integer> tokens(ModelSource source, String key) throws IOException {
        Set<Integer> ids = new LinkedHashSet<>();
        for (String file : new String[] {"generation_config.json", "config.json"}) {
            if (!source.has(file) || !ids.isEmpty()) {
                continue;
            }
            JsonNode node;
            try {
                node = MAPPER.readTree(source.read(file)).path(key);
            } catch (JacksonException e) {
                throw new ModelFormatException(
                        source.describe(file) + " is not valid JSON: " + e.getOriginalMessage(), e);
            }
            if (node.isArray()) {
                node.forEach(id -> ids.add(id.asInt(-1)));
            } else if (node.isIntegralNumber()) {
                ids.add(node.asInt(-1));
            }
        }
        return ids;
    }

    /** Name of the model: that of its directory. */
    public String name() {
        return name;
    }

    public Tokenizer tokenizer() {
        return tokenizer;
    }

    /** The token that begins a text: the model's, or that which ends one; −1 if it names neither. */
    public int startToken() {
        return startToken;
    }

    public Engine engine() {
        return engine;
    }

    /** The transformer itself, for evaluation; do not step it while the engine runs. */
    public Transformer transformer() {
        return model;
    }

    /** Token ids of a prompt: the model's template applied, special tokens in the text being plain text. */
    public int[] encodePrompt(String prompt) {
        return tokenizer.encode(prompt, EncodeOptions.PROMPT);
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
        StringBuilder text = new StringBuilder();
        try (TextStream stream = generate(prompt, options)) {
            for (String piece : stream) {
                text.append(piece);
                callback.accept(piece);
            }
            GenerationEvent.Finished end = stream.end();
            return new GenerationResult(text.toString(), end.reason(), end.promptTokens(), end.completionTokens());
        }
    }

    @Override
    public void close() {
        engine.close();
    }
}
