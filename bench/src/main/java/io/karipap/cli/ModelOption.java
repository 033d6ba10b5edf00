package io.karipap.cli;

import io.karipap.generate.EngineOptions;
import io.karipap.generate.LanguageModel;
import io.karipap.generate.LoadOptions;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Options of the commands that load a model. */
final class ModelOption {
    @Option(
            names = "--model",
            paramLabel = "DIR",
            description =
                    "Hugging Face or Karipap directory. Without it, the small compressed model that comes with Karipap.")
    private Path model;

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "0",
            description = "Threads that compute; 0 for all processors. Default: ${DEFAULT-VALUE}.")
    private int threads;

    int threads() {
        if (threads < 0) {
            throw new IllegalArgumentException("--threads is " + threads + ", expected 0 or more");
        }
        return threads;
    }

    /** The directory, or null for the bundled model. */
    Path directory() {
        return model;
    }

    LanguageModel load() throws IOException {
        return load(null);
    }

    LanguageModel load(EngineOptions engine) throws IOException {
        LoadOptions options = new LoadOptions(threads(), engine);
        return model == null ? LanguageModel.bundled(options) : LanguageModel.load(model, options);
    }
}
