package io.karipap.bench.command;

import io.karipap.bench.ProcessMemory;
import io.karipap.cli.option.ModelOption;
import io.karipap.evaluate.ModelSpeed;
import io.karipap.json.Json;
import io.karipap.load.LoadedModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Tokens per second of a whole model. */
@Command(
        name = "model",
        mixinStandardHelpOptions = true,
        description =
                "Measures prompt and generation tokens/s of a model: warm, the median of several runs; with load time and memory.")
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

    @Option(names = "--json", paramLabel = "FILE", description = "Write the result there as JSON too.")
    private Path json;

    /** What is reported, times in milliseconds, sizes in bytes, rates in tokens/s. */
    private record Report(
            String model,
            String kernels,
            int threads,
            long weightBytes,
            double loadMillis,
            long loadedResidentBytes,
            int promptTokens,
            double promptRate,
            int tokens,
            double generationRate,
            double firstTokenMillis,
            long residentBytes,
            long residentFileBytes,
            long peakResidentBytes) {}

    @Override
    public Integer call() throws Exception {
        if (promptTokens < 1 || tokens < 1 || runs < 1) {
            throw new IllegalArgumentException("--prompt-tokens, --tokens and --runs must be at least 1");
        }
        long start = System.nanoTime();
        try (LoadedModel loaded = model.loadAlone()) {
            double loadMillis = (System.nanoTime() - start) / 1e6;
            long loadedBytes = ProcessMemory.current().orElse(0);
            ModelSpeed speed = ModelSpeed.measure(loaded.transformer(), promptTokens, tokens, runs);
            Report report = new Report(
                    loaded.name(),
                    loaded.transformer().kernelName(),
                    loaded.transformer().threads(),
                    loaded.transformer().memory().totalBytes(),
                    loadMillis,
                    loadedBytes,
                    promptTokens,
                    speed.promptRate(),
                    tokens,
                    speed.generationRate(),
                    promptTokens * 1e3 / speed.promptRate(),
                    ProcessMemory.current().orElse(0),
                    ProcessMemory.ofFiles().orElse(0),
                    ProcessMemory.peak().orElse(0));
            System.out.println(
                    "| model | kernels | threads | weights, MB | load, ms | resident then, MB | prompt | tokens/s | first token, ms "
                            + "| generated | tokens/s | weights read, GB/s | resident, MB | of files, MB | at most, MB |");
            System.out.println("|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|");
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %s | %d | %.1f | %.0f | %.0f | %d | %.1f | %.1f | %d | %.2f | %.1f | %.0f | %.0f | %.0f |%n",
                    report.model(),
                    report.kernels(),
                    report.threads(),
                    report.weightBytes() / 1e6,
                    report.loadMillis(),
                    report.loadedResidentBytes() / 1e6,
                    report.promptTokens(),
                    report.promptRate(),
                    report.firstTokenMillis(),
                    report.tokens(),
                    report.generationRate(),
                    report.generationRate() * report.weightBytes() / 1e9,
                    report.residentBytes() / 1e6,
                    report.residentFileBytes() / 1e6,
                    report.peakResidentBytes() / 1e6);
            if (json != null) {
                Files.writeString(json, Json.pretty(report) + "\n");
            }
        }
        return 0;
    }
}
