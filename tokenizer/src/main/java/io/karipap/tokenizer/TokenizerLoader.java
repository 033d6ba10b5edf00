package io.karipap.tokenizer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Finds out which format a tokenizer file has. */
final class TokenizerLoader {
    /** The largest tokenizer.json in use has about 35 MB. */
    private static final long MAX_BYTES = 256L << 20;

    private TokenizerLoader() {}

    static Tokenizer load(Path path) throws IOException {
        Path file = Files.isDirectory(path) ? path.resolve("tokenizer.json") : path;
        if (!Files.isRegularFile(file)) {
            throw new TokenizerException(file + ": no such file; expected a tokenizer.json");
        }
        if (Files.size(file) > MAX_BYTES) {
            throw new TokenizerException(file + " has " + Files.size(file) + " bytes, more than " + MAX_BYTES);
        }
        return read(file.toString(), Files.readAllBytes(file));
    }

    static Tokenizer read(String file, byte[] json) {
        try {
            return new Tokenizer(HuggingFaceReader.read(json));
        } catch (TokenizerException e) {
            throw new TokenizerException(file + ": " + e.getMessage(), e);
        }
    }
}
