package io.karipap.cli;

import io.karipap.bench.ModelSpeed;
import io.karipap.generate.LanguageModel;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Tokens per second of a whole model. */
@Command(
        name = "model",
        mixinStandardHelpOptions = true,
        description = "Measures prompt and generation tokens/s of a model: warm, the median of several runs.")
final class BenchModelCommand implements Callable<Integer> {
    @Mixin
    private ModelOption model;

    @Option(
            names = "--prompt-tokens",
            paramLabel = "N",
            defaultValue = "256",
            description = "Prompt length. Default: ${DEFAULT-VALUE}.")
    private int promptTokens;

    @Option(
            names = "--tokens",
            paramLabel = "N",
            defaultValue = "128",
            description = "Tokens generated after it. Default: ${DEFAULT-VALUE}.")
    private int tokens;

    @Option(
            names = "--runs",
            paramLabel = "N",
            defaultValue = "7",
            description = "Measured runs. Default: ${DEFAULT-VALUE}.")
    private int runs;

    @Override
    public Integer call() throws Exception {
        if (promptTokens < 1 || tokens < 1 || runs < 1) {
            throw new IllegalArgumentException("--prompt-tokens, --tokens and --runs must be at least 1");
        }
        try (LanguageModel languageModel = model.load()) {
            ModelSpeed speed = ModelSpeed.measure(languageModel.llama(), promptTokens, tokens, runs);
            System.out.printf(
                    Locale.ROOT,
                    "%s, %s, %d threads: prompt of %d at %.0f tokens/s, generation of %d at %.0f tokens/s%n",
                    languageModel.name(),
                    languageModel.llama().kernelName(),
                    languageModel.llama().threads(),
                    promptTokens,
                    speed.promptRate(),
                    tokens,
                    speed.generationRate());
        }
        return 0;
    }
}
