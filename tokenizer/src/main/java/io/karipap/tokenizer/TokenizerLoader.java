package io.karipap.tokenizer;

import io.karipap.tokenizer.format.GgufMetadata;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Finds out which format a tokenizer file has. */
final class TokenizerLoader {
    /** The largest tokenizer.json in use has about 35 MB. */
    private static final long MAX_BYTES = 256L << 20;

    private TokenizerLoader() {}

    /** What a directory is searched for, in this order: the most exact description first. */
    private static final List<String> CANDIDATES = List.of("tokenizer.json", "tokenizer.model", "vocab.json");

    static Tokenizer load(Path path) throws IOException {
        Path file = path;
        if (Files.isDirectory(path)) {
            file = CANDIDATES.stream()
                    .map(path::resolve)
                    .filter(Files::isRegularFile)
                    .findFirst()
                    .orElseThrow(() -> new TokenizerException(path + " holds none of " + CANDIDATES));
        }
        if (!Files.isRegularFile(file)) {
            throw new TokenizerException(file + ": no such file; expected a tokenizer.json, tokenizer.model, vocab.json"
                    + " beside merges.txt, .tiktoken or .gguf");
        }
        String name = file.getFileName().toString();
        try {
            if (name.endsWith(".gguf")) {
                return new Tokenizer(GgufTokenizerReader.read(GgufMetadata.read(file)));
            }
            byte[] bytes = bytes(file);
            if (name.endsWith(".model")) {
                return new Tokenizer(SentencePieceReader.read(bytes));
            }
            if (name.endsWith(".tiktoken")) {
                return new Tokenizer(
                        TiktokenReader.read(name.substring(0, name.length() - ".tiktoken".length()), bytes));
            }
            if (name.equals("vocab.json")) {
                Path config = file.resolveSibling("tokenizer_config.json");
                return new Tokenizer(Gpt2FilesReader.read(
                        bytes, bytes(file.resolveSibling("merges.txt")), Files.exists(config) ? bytes(config) : null));
            }
            return new Tokenizer(HuggingFaceReader.read(bytes));
        } catch (TokenizerException e) {
            throw new TokenizerException(file + ": " + e.getMessage(), e);
        }
    }

    private static byte[] bytes(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new TokenizerException(file.getFileName() + " is missing beside it");
        }
        if (Files.size(file) > MAX_BYTES) {
            throw new TokenizerException("has " + Files.size(file) + " bytes, more than " + MAX_BYTES);
        }
        return Files.readAllBytes(file);
    }

    static Tokenizer read(String file, byte[] json) {
        try {
            return new Tokenizer(HuggingFaceReader.read(json));
        } catch (TokenizerException e) {
            throw new TokenizerException(file + ": " + e.getMessage(), e);
        }
    }
}
