package io.karipap.tokenizer;

import io.karipap.tokenizer.gguf.GgufFormatException;
import io.karipap.tokenizer.gguf.GgufMetadata;
import io.karipap.tokenizer.gguf.GgufShards;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Finds out which format a tokenizer file has. */
final class TokenizerLoader {
    /** The largest tokenizer.json in use has about 35 MB. */
    private static final long MAX_BYTES = 256L << 20;

    private TokenizerLoader() {}

    /** What a directory is searched for, in this order: the most exact description first. */
    private static final List<String> CANDIDATES =
            List.of("tokenizer.json", "tekken.json", "tokenizer.model", "spiece.model", "vocab.json", "vocab.txt");

    /** What it is searched for next: files that have the model's name. */
    private static final List<String> SUFFIXES = List.of(".tiktoken", ".gguf");

    static Tokenizer load(Path path) throws IOException {
        Path file = path;
        if (Files.isDirectory(path)) {
            file = find(path);
        }
        if (!Files.isRegularFile(file)) {
            throw new TokenizerException(
                    file + ": no such file; expected a tokenizer.json, tekken.json, tokenizer.model,"
                            + " vocab.json beside merges.txt, vocab.txt, .tiktoken or .gguf");
        }
        String name = file.getFileName().toString();
        try {
            if (GgufShards.named(file)) {
                Path first = GgufShards.of(file).getFirst();
                return new Tokenizer(GgufTokenizerReader.read(GgufMetadata.read(first)));
            }
            byte[] bytes = bytes(file);
            if (name.matches(".*\\.model(\\.v[0-9]\\w*)?")) {
                return new Tokenizer(SentencePieceReader.read(bytes, TokenizerConfig.beside(file)));
            }
            if (name.endsWith(".tiktoken")) {
                return new Tokenizer(
                        TiktokenReader.read(name.substring(0, name.length() - ".tiktoken".length()), bytes));
            }
            if (name.equals("vocab.json")) {
                return new Tokenizer(Gpt2FilesReader.read(
                        bytes, bytes(file.resolveSibling("merges.txt")), TokenizerConfig.beside(file)));
            }
            if (name.equals("vocab.txt")) {
                return new Tokenizer(WordListReader.read(bytes, TokenizerConfig.beside(file)));
            }
            if (name.startsWith("tekken") && name.endsWith(".json")) {
                return new Tokenizer(TekkenReader.read(bytes));
            }
            return new Tokenizer(HuggingFaceReader.read(bytes));
        } catch (TokenizerException | GgufFormatException e) {
            throw new TokenizerException(file + ": " + e.getMessage(), e);
        }
    }

    private static Path find(Path directory) throws IOException {
        for (String name : CANDIDATES) {
            if (Files.isRegularFile(directory.resolve(name))) {
                return directory.resolve(name);
            }
        }
        for (String suffix : SUFFIXES) {
            try (Stream<Path> files = Files.list(directory)) {
                List<Path> found = files.filter(
                                file -> file.getFileName().toString().endsWith(suffix) && Files.isRegularFile(file))
                        .sorted()
                        .toList();
                if (!found.isEmpty()) {
                    return found.getFirst();
                }
            }
        }
        throw new TokenizerException(
                directory + " holds none of " + CANDIDATES + " and no file with one of the suffixes " + SUFFIXES);
    }

    /** All of a tokenizer's file. */
    static byte[] bytes(Path file) throws IOException {
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
