package io.karipap.tokenizer.gguf;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The vocabulary of a GGUF file: what its metadata say of the tokenizer, byte for byte. As a file without tensors it stands beside the
 * weights that are made of a GGUF file, and nothing of the tokenizer is lost.
 */
public final class GgufVocabulary {
    /** The file's name in a model directory. */
    public static final String NAME = "tokenizer.gguf";

    private static final String ARCHITECTURE = "general.architecture";
    private static final String PREFIX = "tokenizer.";
    private static final int MAGIC = 0x46554747;
    private static final int VERSION = 3;

    private GgufVocabulary() {}

    /** The keys that belong to the tokenizer, in file order. */
    public static List<String> keys(GgufMetadata metadata) {
        return metadata.keys().stream().filter(key -> key.startsWith(PREFIX)).toList();
    }

    /** Writes a GGUF file that holds the vocabulary only. */
    public static void write(GgufMetadata metadata, Path file) throws IOException {
        List<String> keys = metadata.keys().stream()
                .filter(key -> key.startsWith(PREFIX) || key.equals(ARCHITECTURE))
                .toList();
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            out.write(ByteBuffer.allocate(24)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(MAGIC)
                    .putInt(VERSION)
                    .putLong(0)
                    .putLong(keys.size())
                    .array());
            for (String key : keys) {
                out.write(metadata.entry(key));
            }
        }
    }
}
