package io.karipap.cli;

import io.karipap.cli.option.JsonLines;
import io.karipap.cli.option.ModelLocation;
import io.karipap.tokenizer.EncodeOptions;
import io.karipap.tokenizer.Tokenizer;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Turns text into token ids. */
@Command(
        name = "tokenize",
        mixinStandardHelpOptions = true,
        description = {
            "Turns text into token ids, one JSON array a line.",
            "No special tokens are added, and special tokens in the text are plain text, unless asked."
        })
final class TokenizeCommand implements Callable<Integer> {
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
        @Option(names = "--text", paramLabel = "TEXT", description = "The text.")
        private String text;

        @Option(names = "--jsonl", paramLabel = "FILE", description = "A JSON string on every line.")
        private Path jsonl;
    }

    @Option(names = "--special", description = "Add the tokens of the model's template, such as a beginning of text.")
    private boolean special;

    @Option(names = "--parse-special", description = "Read special tokens in the text as such.")
    private boolean parseSpecial;

    @Override
    public Integer call() throws Exception {
        Tokenizer loaded = Tokenizer.load(tokenizer.path());
        EncodeOptions options = new EncodeOptions(special, parseSpecial);
        StringBuilder out = new StringBuilder();
        if (input.text != null) {
            print(loaded.encode(input.text, options), out);
        } else {
            int number = 0;
            try (BufferedReader reader = Files.newBufferedReader(input.jsonl)) {
                for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                    print(loaded.encode(JsonLines.string(input.jsonl, ++number, line), options), out);
                }
            }
        }
        System.out.print(out);
        return 0;
    }

    private static void print(int[] ids, StringBuilder out) {
        out.append(Arrays.stream(ids).mapToObj(Integer::toString).collect(Collectors.joining(",", "[", "]\n")));
        if (out.length() > 1 << 20) {
            System.out.print(out);
            out.setLength(0);
        }
    }
}
