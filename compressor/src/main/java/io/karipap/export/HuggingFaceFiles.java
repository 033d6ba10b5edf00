package io.karipap.export;

import io.karipap.directory.ModelDirectory;
import io.karipap.format.GgufSource;
import io.karipap.format.ModelFormatException;
import io.karipap.format.ModelSource;
import io.karipap.json.Json;
import io.karipap.tokenizer.Tokenizer;
import io.karipap.tokenizer.gguf.GgufFormatException;
import io.karipap.tokenizer.gguf.GgufMetadata;
import io.karipap.tokenizer.gguf.GgufVocabulary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The files of a Hugging Face directory besides its weights. */
final class HuggingFaceFiles {
    private static final String CONFIG = "config.json";
    private static final String TOKENIZER_CONFIG = "tokenizer_config.json";

    /** What stands outside of the language model's configuration, and belongs to it. */
    private static final Set<String> OF_ALL =
            Set.of("bos_token_id", "eos_token_id", "pad_token_id", "dtype", "torch_dtype");

    private HuggingFaceFiles() {}

    /** @throws ModelFormatException if the vocabulary is one of GGUF that a tokenizer.json cannot say */
    static void write(Path model, ModelSource source, Path to) throws IOException {
        ModelDirectory.copyMetadata(model, to);
        JsonNode config = Json.parse(Files.readAllBytes(to.resolve(CONFIG)));
        if (config.path("text_config").isObject()) {
            Files.write(to.resolve(CONFIG), Json.prettyBytes(languageModel(config)));
        }
        Path vocabulary = to.resolve(GgufVocabulary.NAME);
        if (!Files.exists(vocabulary)) {
            return;
        }
        Path file = source instanceof GgufSource gguf ? gguf.file() : model.resolve(GgufVocabulary.NAME);
        Tokenizer.load(file); // which refuses what is malformed
        try {
            Files.write(to.resolve("tokenizer.json"), Json.bytes(HuggingFaceTokenizer.of(GgufMetadata.read(file))));
        } catch (GgufFormatException | IllegalArgumentException e) {
            throw new ModelFormatException(file + ": " + e.getMessage(), e);
        }
        Files.delete(vocabulary);
        ObjectNode tokenizer = (ObjectNode) Json.parse(Files.readAllBytes(to.resolve(TOKENIZER_CONFIG)));
        tokenizer.put("tokenizer_class", "PreTrainedTokenizerFast").put("clean_up_tokenization_spaces", false);
        Files.write(to.resolve(TOKENIZER_CONFIG), Json.prettyBytes(tokenizer));
    }

    /** The configuration of the language model within one that sees. */
    private static ObjectNode languageModel(JsonNode config) {
        ObjectNode language = (ObjectNode) config.path("text_config").deepCopy();
        for (String field : OF_ALL) {
            if (config.hasNonNull(field) && !language.hasNonNull(field)) {
                language.set(field, config.get(field));
            }
        }
        String type =
                language.path("model_type").asString(config.path("model_type").asString("") + "_text");
        language.put("model_type", type);
        language.set("architectures", Json.tree(List.of("Gemma3ForCausalLM")));
        return language;
    }
}
