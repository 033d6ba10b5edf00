package io.karipap.load;

import io.karipap.format.GgufSource;
import io.karipap.format.ModelFormatException;
import io.karipap.format.ModelSource;
import io.karipap.format.packed.PackedCache;
import io.karipap.json.Json;
import io.karipap.kernels.ProcessorCores;
import io.karipap.kernels.WeightType;
import io.karipap.kernels.choice.KernelProvider;
import io.karipap.model.ModelLoader;
import io.karipap.model.Progress;
import io.karipap.model.Transformer;
import io.karipap.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * A transformer, its tokenizer and the tokens that begin and end its texts.
 *
 * @param name that of its directory
 * @param source where its files are
 * @param transformer closed with this
 * @param tokenizer the model's own
 * @param startToken the token that begins a text: the model's, or that which ends one; −1 if it names neither
 * @param endTokens tokens that end a text
 */
public record LoadedModel(
        String name,
        ModelSource source,
        Transformer transformer,
        Tokenizer tokenizer,
        int startToken,
        Set<Integer> endTokens)
        implements AutoCloseable {
    private static final String BUNDLED = "tales-small";
    private static final String BUNDLED_MODELS = "/io/karipap/models/";

    public LoadedModel {
        endTokens = Set.copyOf(endTokens);
    }

    /** Loads a Hugging Face or Karipap directory, or a GGUF file, with all physical cores and the weights that it has. */
    public static LoadedModel load(Path path) throws IOException {
        return load(path, 0, Optional.empty(), Progress.NONE);
    }

    /** As {@link #load(Path, int, Optional, Progress, Optional)}, without a cache. */
    public static LoadedModel load(Path path, int threads, Optional<WeightType> weights, Progress progress)
            throws IOException {
        return load(path, threads, weights, progress, Optional.empty());
    }

    /**
     * Loads a Hugging Face or Karipap directory, or a GGUF file.
     *
     * @param threads threads that work on a step, the caller's included; 0 for all physical cores
     * @param weights type of the weights in memory; absent for those that they have in the file
     * @param progress hears how many bytes of the file are packed
     * @param cache where packed weights are kept, if they are
     * @throws IOException if a file cannot be read
     * @throws ModelFormatException if a file is malformed or not supported
     * @throws io.karipap.tokenizer.TokenizerException if the tokenizer is malformed or not supported
     */
    public static LoadedModel load(
            Path path, int threads, Optional<WeightType> weights, Progress progress, Optional<PackedCache> cache)
            throws IOException {
        ModelSource source = ModelSource.of(path);
        return load(source.modelName(), source, threads, weights, progress, cache);
    }

    /** Loads the small compressed model that comes with the library; parameters as for a directory. */
    public static LoadedModel bundled(int threads, Optional<WeightType> weights, Progress progress) throws IOException {
        ModelSource source = new ModelSource.ClassPath(LoadedModel.class, BUNDLED_MODELS + BUNDLED);
        return load(BUNDLED, source, threads, weights, progress, Optional.empty());
    }

    private static LoadedModel load(
            String name,
            ModelSource source,
            int threads,
            Optional<WeightType> weights,
            Progress progress,
            Optional<PackedCache> cache)
            throws IOException {
        FutureTask<Tokenizer> tokenizerTask = new FutureTask<>(tokenizer(source));
        Thread.ofPlatform().name("karipap-load-tokenizer").daemon().start(tokenizerTask);
        Set<Integer> endTokens = tokens(source, "eos_token_id");
        int startToken = Stream.concat(tokens(source, "bos_token_id").stream(), endTokens.stream())
                .findFirst()
                .orElse(-1);
        Transformer model = ModelLoader.load(
                source, KernelProvider.choose(), ProcessorCores.orAll(threads), weights.orElse(null), progress, cache);
        try {
            return new LoadedModel(name, source, model, tokenizerTask.get(), startToken, endTokens);
        } catch (ExecutionException | InterruptedException e) {
            model.close();
            throw e.getCause() instanceof RuntimeException cause
                    ? cause
                    : new ModelFormatException(source.describe("tokenizer.json") + " could not be loaded", e);
        }
    }

    private static Callable<Tokenizer> tokenizer(ModelSource source) throws IOException {
        if (source instanceof GgufSource gguf) {
            return () -> Tokenizer.load(gguf.file());
        }
        if (source instanceof ModelSource.Directory(Path directory) && !source.has("tokenizer.json")) {
            return () -> Tokenizer.load(directory);
        }
        byte[] json = source.read("tokenizer.json");
        return () -> Tokenizer.read(source.describe("tokenizer.json"), json);
    }

    /** Ids that either file gives; those of generation come first. */
    private static Set<Integer> tokens(ModelSource source, String key) throws IOException {
        Set<Integer> ids = new LinkedHashSet<>();
        for (String file : new String[] {"generation_config.json", "config.json"}) {
            if (!source.has(file)) {
                continue;
            }
            JsonNode node;
            try {
                node = Json.parse(source.read(file)).path(key);
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

    @Override
    public void close() {
        transformer.close();
    }
}
