package io.karipap.directory;

import io.karipap.format.GgufSource;
import io.karipap.format.ModelSource;
import io.karipap.json.Json;
import io.karipap.network.NetworkFile;
import io.karipap.tokenizer.gguf.GgufVocabulary;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The files of a Karipap directory besides its weights. */
public final class ModelDirectory {
    private static final List<String> METADATA = List.of(
            "config.json",
            "generation_config.json",
            "tokenizer.json",
            "tekken.json",
            "tokenizer.model",
            "spiece.model",
            "vocab.json",
            "merges.txt",
            "vocab.txt",
            GgufVocabulary.NAME,
            "tokenizer_config.json",
            "special_tokens_map.json",
            "chat_template.jinja");

    private ModelDirectory() {}

    /**
     * Copies configuration and tokenizer as they are. Of a GGUF file, writes what it says: {@code config.json}, the vocabulary as a GGUF
     * file of its own, {@code tokenizer_config.json} with special tokens and chat template, and {@code generation_config.json}.
     *
     * @param from a directory or a GGUF file
     */
    public static void copyMetadata(Path from, Path to) throws IOException {
        if (ModelSource.of(from) instanceof GgufSource gguf) {
            writeMetadata(gguf, to);
            return;
        }
        for (String name : METADATA) {
            if (Files.exists(from.resolve(name))) {
                Files.copy(from.resolve(name), to.resolve(name));
            }
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(from, "*.tiktoken")) {
            for (Path file : files) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }

    private static void writeMetadata(GgufSource gguf, Path to) throws IOException {
        for (String name : List.of("config.json", "generation_config.json")) {
            if (gguf.has(name)) {
                Files.write(to.resolve(name), gguf.read(name));
            }
        }
        GgufVocabulary.write(gguf.metadata(), to.resolve(GgufVocabulary.NAME));
        ObjectNode tokenizer = Json.object();
        new TreeMap<>(gguf.metadata().specialTokens()).forEach(tokenizer::put);
        Map<String, String> templates = gguf.metadata().chatTemplates();
        if (templates.keySet().equals(Set.of("default"))) {
            tokenizer.put("chat_template", templates.get("default"));
        } else if (!templates.isEmpty()) {
            ArrayNode list = tokenizer.putArray("chat_template");
            templates.forEach(
                    (name, template) -> list.addObject().put("name", name).put("template", template));
        }
        Files.write(to.resolve("tokenizer_config.json"), Json.prettyBytes(tokenizer));
    }

    /** Writes {@code network.json}. */
    public static void writeNetwork(Path directory, NetworkFile network) throws IOException {
        Files.write(directory.resolve(NetworkFile.NAME), network.toJson());
    }
}
