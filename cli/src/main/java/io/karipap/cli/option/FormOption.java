package io.karipap.cli.option;

import io.karipap.grammar.Grammar;
import io.karipap.grammar.GrammarException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** What a text must look like. */
public final class FormOption {
    @ArgGroup
    private One one;

    /** One of them. */
    static final class One {
        @Option(
                names = "--schema",
                paramLabel = "FILE",
                description = "Only JSON that is valid by the JSON Schema in FILE.")
        private Path schema;

        @Option(
                names = "--grammar",
                paramLabel = "FILE",
                description = "Only texts of the grammar in FILE, in GBNF as llama.cpp reads it.")
        private Path grammar;

        @Option(
                names = "--regex",
                paramLabel = "PATTERN",
                description = "Only texts that match the regular expression wholly.")
        private String regex;
    }

    /**
     * What was asked for, if anything.
     *
     * @throws IOException if the file cannot be read
     * @throws IllegalArgumentException if what is in it cannot be honoured
     */
    public Optional<Grammar> form() throws IOException {
        if (one == null) {
            return Optional.empty();
        }
        if (one.regex != null) {
            return Optional.of(Grammar.regex(one.regex));
        }
        Path file = one.schema != null ? one.schema : one.grammar;
        String text = TextFile.read(file);
        try {
            return Optional.of(one.schema != null ? Grammar.json(text) : Grammar.gbnf(text));
        } catch (GrammarException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
    }
}
