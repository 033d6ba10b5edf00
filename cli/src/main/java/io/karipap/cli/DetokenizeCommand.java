package io.karipap.cli;

import io.karipap.cli.option.JsonLines;
import io.karipap.cli.option.ModelLocation;
import io.karipap.json.Json;
import io.karipap.tokenizer.Tokenizer;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Turns token ids into text. */
@Command(
        name = "detokenize",
        mixinStandardHelpOptions = true,
        description = "Turns token ids into text; the inverse of tokenize. Special tokens are kept.")
final class DetokenizeCommand implements Callable<Integer> {
    @Option(
            names = "--tokenizer",
            paramLabel = "FILE|" + ModelLocation.LABEL,
            required = true,
            description =
                    "Tokenizer file, or a model that has one: directory, GGUF file, or name of one that was pulled.")
    private ModelLocation tokenizer;

    @ArgGroup(multiplicity = "1")
    private Input input;

    private static final class Input {
        @Option(names = "--ids", paramLabel = "ID,…", split = "[,\\s]+", description = "Token ids; prints the text.")
        private int[] ids;

        @Option(
                names = "--jsonl",
                paramLabel = "FILE",
                description = "A JSON array of ids on every line; prints a JSON string for each.")
        private Path jsonl;
    }

    @Option(names = "--skip-special", description = "Leave special tokens out.")
    private boolean skipSpecial;

    @Override
    public Integer call() throws Exception {
        Tokenizer loaded = Tokenizer.load(tokenizer.path());
        if (input.ids != null) {
            System.out.println(loaded.decode(input.ids, skipSpecial));
            return 0;
        }
        int number = 0;
        try (BufferedReader reader = Files.newBufferedReader(input.jsonl)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                int[] ids = JsonLines.ids(input.jsonl, ++number, line);
                if (Arrays.stream(ids).anyMatch(id -> loaded.token(id).isEmpty())) {
                    throw new IllegalArgumentException(
                            input.jsonl + " line " + number + " has an id that is not in the vocabulary");
                }
                System.out.println(Json.text(loaded.decode(ids, skipSpecial)));
            }
        }
        return 0;
    }
}
