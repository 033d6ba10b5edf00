package io.karipap.bench.command;

import io.karipap.cli.option.ModelOption;
import io.karipap.generate.GenerationOptions;
import io.karipap.generate.LanguageModel;
import io.karipap.generate.TextStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lets a model write text to calibrate on. */
@Command(
        name = "text",
        mixinStandardHelpOptions = true,
        description =
                "Lets a model write documents from an empty context, at several temperatures: text to calibrate and measure on.")
final class BenchTextCommand implements Callable<Integer> {
    private static final double[] TEMPERATURES = {0.7, 0.85, 1.0};
    private static final String SEPARATOR = "<|endoftext|>";
    private static final int DOCUMENT_TOKENS = 400;

    @Mixin
    private ModelOption model;

    @Option(names = "--out", paramLabel = "FILE", required = true, description = "Where to write.")
    private Path out;

    @Option(
            names = "--bytes",
            paramLabel = "N",
            defaultValue = "80000",
            description = "About how much. Default: ${DEFAULT-VALUE}.")
    private int bytes;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Seed of the first document. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Override
    public Integer call() throws Exception {
        StringBuilder text = new StringBuilder();
        try (LanguageModel languageModel = model.load()) {
            int start = languageModel
                    .tokenizer()
                    .id(SEPARATOR)
                    .orElseThrow(() -> new IllegalArgumentException(
                            "the model has no " + SEPARATOR + " to start a document with"));
            for (long document = 0; text.length() < bytes; document++) {
                double temperature = TEMPERATURES[(int) (document % TEMPERATURES.length)];
                GenerationOptions options = GenerationOptions.sampled(DOCUMENT_TOKENS, temperature, seed + document);
                try (TextStream stream = languageModel.generate(new int[] {start}, options)) {
                    stream.forEach(text::append);
                }
                text.append(SEPARATOR);
            }
        }
        Files.write(out, text.toString().getBytes(StandardCharsets.UTF_8));
        return 0;
    }
}
