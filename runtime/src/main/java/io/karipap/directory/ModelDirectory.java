package io.karipap.directory;

import io.karipap.network.NetworkFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The files of a Karipap directory besides its weights. */
public final class ModelDirectory {
    private static final List<String> METADATA = List.of(
            "config.json",
            "generation_config.json",
            "tokenizer.json",
            "tokenizer_config.json",
            "special_tokens_map.json",
            "chat_template.jinja");

    private ModelDirectory() {}

    /** Copies configuration and tokenizer as they are. */
    public static void copyMetadata(Path from, Path to) throws IOException {
        for (String name : METADATA) {
            if (Files.exists(from.resolve(name))) {
                Files.copy(from.resolve(name), to.resolve(name));
            }
        }
    }

    /** Writes {@code network.json}. */
    public static void writeNetwork(Path directory, NetworkFile network) throws IOException {
        Files.write(directory.resolve(NetworkFile.NAME), network.toJson());
    }
}
