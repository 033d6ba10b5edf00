package io.karipap.export;

import io.karipap.format.GgufSource;
import io.karipap.format.ModelFormatException;
import io.karipap.format.ModelSource;
import io.karipap.json.Json;
import io.karipap.tokenizer.gguf.GgufMetadata;
import io.karipap.tokenizer.gguf.GgufVocabulary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Writes the tokenizer of a model: what a GGUF file said of it as it was, that of a {@code tokenizer.json} as GGUF holds it. */
final class GgufVocabularyExport {
    private static final String FILE = "tokenizer.json";

    /** A file says this many tokens that end a text: its own, that of a turn, that of a message. */
    private static final List<String> ENDS = List.of("eos", "eot", "eom");

    private final Path model;
    private final ModelSource source;
    private final int vocabulary;

    /** @param vocabulary rows of the embedding */
    GgufVocabularyExport(Path model, ModelSource source, int vocabulary) {
        this.model = model;
        this.source = source;
        this.vocabulary = vocabulary;
    }

    /** @throws ModelFormatException if there is no tokenizer, or one that GGUF cannot say */
    void put(GgufWriter writer) throws IOException {
        Path kept = model.resolve(GgufVocabulary.NAME);
        if (source instanceof GgufSource gguf) {
            copy(gguf.metadata(), writer);
        } else if (!source.has(FILE) && Files.exists(kept)) {
            copy(GgufMetadata.read(kept), writer);
        } else if (source.has(FILE)) {
            convert(writer);
        } else {
            throw new ModelFormatException(
                    model + " holds no " + FILE + ", of which the vocabulary of a GGUF file is made");
        }
    }

    private static void copy(GgufMetadata metadata, GgufWriter writer) {
        GgufVocabulary.keys(metadata).forEach(key -> writer.put(metadata.entry(key)));
    }

    private void convert(GgufWriter writer) throws IOException {
        try {
            JsonNode root = Json.parse(source.read(FILE));
            TokenRoles roles = new TokenRoles(source);
            GgufTokenizer tokenizer = GgufTokenizer.of(root, vocabulary);
            OptionalInt begin = roles.of("bos", tokenizer::id);
            List<Integer> ends = roles.ends(tokenizer::id);
            tokenizer.put(writer, begin.orElse(-1), ends.isEmpty() ? -1 : ends.getFirst());
            if (ends.size() > ENDS.size()) {
                throw new IllegalArgumentException(
                        ends.size() + " tokens end a text, of which GGUF can say " + ENDS.size());
            }
            begin.ifPresent(id -> writer.put("tokenizer.ggml.bos_token_id", id));
            for (int i = 0; i < ends.size(); i++) {
                writer.put("tokenizer.ggml." + ENDS.get(i) + "_token_id", ends.get(i));
            }
            tokenizer.unknown(roles).ifPresent(id -> writer.put("tokenizer.ggml.unknown_token_id", id));
            roles.of("pad", tokenizer::id).ifPresent(id -> writer.put("tokenizer.ggml.padding_token_id", id));
            roles.chatTemplate().ifPresent(template -> writer.put("tokenizer.chat_template", template));
        } catch (JacksonException | IllegalArgumentException e) {
            throw new ModelFormatException(source.describe(FILE) + ": " + e.getMessage(), e);
        }
    }
}
