package io.karipap.cli;

import io.karipap.cli.option.ModelOption;
import io.karipap.generate.FinishReason;
import io.karipap.generate.GenerationOptions;
import io.karipap.generate.GenerationResult;
import io.karipap.generate.LanguageModel;
import io.karipap.generate.SamplingOptions;
import io.karipap.generate.StopOptions;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Continues a text. */
@Command(
        name = "generate",
        mixinStandardHelpOptions = true,
        description = "Continues a text and prints the continuation as it comes.",
        footer = {
            "",
            "Example: karipap generate --prompt \"Once upon a time\" --max-tokens 100 --temperature 0.8 --seed 7"
        })
final class GenerateCommand implements Callable<Integer> {
    @Mixin
    private ModelOption model;

    @Option(names = "--prompt", paramLabel = "TEXT", required = true, description = "What to continue.")
    private String prompt;

    @Option(
            names = "--max-tokens",
            paramLabel = "N",
            defaultValue = "" + GenerationOptions.DEFAULT_MAX_TOKENS,
            description = "Most tokens to generate. Default: ${DEFAULT-VALUE}.")
    private int maxTokens;

    @Option(
            names = "--temperature",
            paramLabel = "T",
            defaultValue = "0.8",
            description = "0 takes the most probable token, higher is bolder. Default: ${DEFAULT-VALUE}.")
    private double temperature;

    @Option(
            names = "--top-k",
            paramLabel = "K",
            defaultValue = "0",
            description = "Only the K most probable tokens; 0 for all.")
    private int topK;

    @Option(
            names = "--top-p",
            paramLabel = "P",
            defaultValue = "1",
            description = "Only the most probable tokens that together reach probability P.")
    private double topP;

    @Option(
            names = "--min-p",
            paramLabel = "P",
            defaultValue = "0",
            description = "Only tokens at least P times as probable as the most probable one.")
    private double minP;

    @Option(names = "--seed", paramLabel = "N", description = "Same seed, same text. Default: a new one each time.")
    private Long seed;

    @Option(names = "--stop", paramLabel = "TEXT", description = "End at this text; may be given several times.")
    private List<String> stop = List.of();

    @Option(names = "--stats", description = "Print tokens, time and tokens/s to standard error at the end.")
    private boolean stats;

    @Override
    public Integer call() throws Exception {
        long chosenSeed = seed != null ? seed : System.nanoTime();
        GenerationOptions options = GenerationOptions.builder()
                .maxTokens(maxTokens)
                .sampling(SamplingOptions.builder()
                        .temperature(temperature)
                        .topK(topK)
                        .topP(topP)
                        .minP(minP)
                        .seed(chosenSeed)
                        .build())
                .stop(StopOptions.at(stop))
                .build();
        PrintStream out = System.out;
        try (LanguageModel languageModel = model.load()) {
            long start = System.nanoTime();
            GenerationResult result = languageModel.generate(prompt, options, piece -> {
                out.print(piece);
                out.flush();
            });
            out.println();
            if (stats) {
                double seconds = (System.nanoTime() - start) / 1e9;
                System.err.printf(
                        Locale.ROOT,
                        "%d prompt tokens, %d tokens in %.2f s, %.1f tokens/s, ended by %s%n",
                        result.promptTokens(),
                        result.completionTokens(),
                        seconds,
                        result.completionTokens() / seconds,
                        result.reason() == FinishReason.STOP ? "the model" : "the limit");
            }
        }
        return 0;
    }
}
