package io.karipap.cli.option;

import io.karipap.generate.EngineOptions;
import io.karipap.generate.LanguageModel;
import io.karipap.generate.LoadOptions;
import io.karipap.kernels.WeightType;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Options of the commands that load a model. */
public final class ModelOption {
    @Option(
            names = "--model",
            paramLabel = "PATH",
            description =
                    "Hugging Face or Karipap directory, or GGUF file. Without it, the small compressed model that comes with Karipap.")
    private Path model;

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "0",
            description = "Threads that compute; 0 for all physical cores. Default: ${DEFAULT-VALUE}.")
    private int threads;

    @Option(
            names = "--weights",
            paramLabel = "TYPE",
            description = "Type of the weights in memory: F32, BF16, F16, Q8 or Q4. Default: as in the file.")
    private WeightType weights;

    public int threads() {
        if (threads < 0) {
            throw new IllegalArgumentException("--threads is " + threads + ", expected 0 or more");
        }
        return threads;
    }

    /** The directory or file, or null for the bundled model. */
    public Path directory() {
        return model;
    }

    public LanguageModel load() throws IOException {
        return load((EngineOptions) null);
    }

    /** Another model, with the same options. */
    public LanguageModel load(Path directory) throws IOException {
        try (ProgressDisplay progress = new ProgressDisplay()) {
            return LanguageModel.load(directory, new LoadOptions(threads(), weights, null, progress.unlessShort()));
        }
    }

    public LanguageModel load(EngineOptions engine) throws IOException {
        try (ProgressDisplay progress = new ProgressDisplay()) {
            LoadOptions options = new LoadOptions(threads(), weights, engine, progress.unlessShort());
            return model == null ? LanguageModel.bundled(options) : LanguageModel.load(model, options);
        }
    }
}
