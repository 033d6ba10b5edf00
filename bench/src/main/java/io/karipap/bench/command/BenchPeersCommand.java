package io.karipap.bench.command;

import io.karipap.bench.LlamaCpp;
import io.karipap.cli.option.ModelLocation;
import io.karipap.cli.option.TemporaryDirectory;
import io.karipap.evaluate.ModelSpeed;
import io.karipap.export.GgufExport;
import io.karipap.kernels.ProcessorCores;
import io.karipap.kernels.WeightType;
import io.karipap.load.LoadedModel;
import io.karipap.model.Progress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Our speed beside llama.cpp's. */
@Command(
        name = "peers",
        mixinStandardHelpOptions = true,
        description = {
            "Measures llama.cpp (June 2025, through de.kherud:llama 4.2.0) and Karipap on the same dense model with the same threads and",
            "kinds of weights, taking turns, and prints the medians and their ratio. The native library is a portable build, which",
            "need not use all that this processor has."
        })
final class BenchPeersCommand implements Callable<Integer> {
    @Option(
            names = "--model",
            paramLabel = ModelLocation.LABEL,
            required = true,
            description = "Hugging Face directory, GGUF file, or name of a model that was pulled; not factored.")
    private ModelLocation model;

    @Option(
            names = "--weights",
            split = ",",
            paramLabel = "TYPE",
            defaultValue = "F16,Q8,Q4",
            description = "Types of weights. Default: ${DEFAULT-VALUE}.")
    private List<WeightType> types;

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "0",
            description = "Threads; 0 for all physical cores.")
    private int threads;

    @Option(
            names = "--prompt-tokens",
            paramLabel = "N",
            defaultValue = "256",
            description = "Default: ${DEFAULT-VALUE}.")
    private int promptTokens;

    @Option(names = "--tokens", paramLabel = "N", defaultValue = "32", description = "Default: ${DEFAULT-VALUE}.")
    private int tokens;

    @Option(names = "--runs", paramLabel = "N", defaultValue = "3", description = "Turns. Default: ${DEFAULT-VALUE}.")
    private int runs;

    @Override
    public Integer call() throws Exception {
        int team = ProcessorCores.orAll(threads);
        System.out.println(
                "| weights | prompt: llama.cpp | karipap | ratio | generation: llama.cpp | karipap | ratio |");
        System.out.println("|---|---|---|---|---|---|---|");
        try (TemporaryDirectory temporary = TemporaryDirectory.create()) {
            for (WeightType type : types) {
                Path gguf = temporary.path().resolve(type + ".gguf");
                GgufExport.write(model.path(), type, gguf);
                measure(type, gguf, team);
            }
        }
        return 0;
    }

    private void measure(WeightType type, Path gguf, int team) throws Exception {
        List<ModelSpeed> ours = new ArrayList<>();
        List<ModelSpeed> theirs = new ArrayList<>();
        try (LlamaCpp peer = new LlamaCpp(gguf, team, promptTokens + tokens + 64);
                LoadedModel own = LoadedModel.load(model.path(), team, Optional.of(type), Progress.NONE)) {
            peer.measure(promptTokens, tokens, 0);
            for (int run = 1; run <= runs; run++) {
                theirs.add(peer.measure(promptTokens, tokens, run));
                ours.add(ModelSpeed.measure(own.transformer(), promptTokens, tokens, 1));
            }
        }
        ModelSpeed their = ModelSpeed.median(theirs);
        ModelSpeed our = ModelSpeed.median(ours);
        System.out.printf(
                Locale.ROOT,
                "| %s | %.1f | %.1f | %.2f | %.2f | %.2f | %.2f |%n",
                type,
                their.promptRate(),
                our.promptRate(),
                our.promptRate() / their.promptRate(),
                their.generationRate(),
                our.generationRate(),
                our.generationRate() / their.generationRate());
    }
}
