package io.karipap.cli.option;

import io.karipap.format.packed.PackedCache;
import io.karipap.generate.EngineOptions;
import io.karipap.generate.LanguageModel;
import io.karipap.generate.LoadOptions;
import io.karipap.generate.LoadProgress;
import io.karipap.generate.WeightPrecision;
import io.karipap.kernels.WeightType;
import io.karipap.load.LoadedModel;
import io.karipap.model.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options of the commands that load a model. */
public final class ModelOption {
    private static final long LARGE_HEAP = 24L << 20;

    @Option(
            names = "--model",
            paramLabel = ModelLocation.LABEL,
            description =
                    "Hugging Face or Karipap directory, GGUF file, or owner/repo[:file or quant][@revision] of a model that was pulled. "
                            + "Without it, the small compressed model that comes with Karipap.")
    private ModelLocation model;

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
    private WeightPrecision weights;

    @Mixin
    private PackedOption packed;

    public int threads() {
        if (threads < 0) {
            throw new IllegalArgumentException("--threads is " + threads + ", expected 0 or more");
        }
        return threads;
    }

    /** The directory, or null for the bundled model. */
    public Path directory() throws IOException {
        return model == null ? null : model.path();
    }

    public LanguageModel load() throws IOException {
        return load(EngineOptions.DEFAULT);
    }

    /**
     * The model with an engine.
     *
     * @throws IllegalStateException if the machine has not the memory for it
     */
    public LanguageModel load(EngineOptions engine) throws IOException {
        if (model != null) {
            MemoryNeed.of(directory(), weightType()).check(model.text());
        }
        try (ProgressDisplay progress = new ProgressDisplay()) {
            LoadOptions.Builder options =
                    LoadOptions.builder().engine(engine).progress(listener(progress.unlessShort()));
            packed.folder().ifPresent(options::packedFolder);
            if (threads() > 0) {
                options.threads(threads());
            }
            if (weights != null) {
                options.weights(weights);
            }
            if (model == null) {
                return LanguageModel.bundled(options.build());
            }
            LanguageModel loaded = LanguageModel.load(directory(), options.build());
            giveBack();
            return loaded;
        }
    }

    /** The model without an engine, to be measured. */
    public LoadedModel loadAlone() throws IOException {
        if (model != null) {
            return loadAlone(directory());
        }
        try (ProgressDisplay progress = new ProgressDisplay()) {
            return LoadedModel.bundled(threads(), weightType(), progress.unlessShort());
        }
    }

    /** Another model without an engine, with the same options. */
    public LoadedModel loadAlone(Path directory) throws IOException {
        try (ProgressDisplay progress = new ProgressDisplay()) {
            LoadedModel loaded = LoadedModel.load(
                    directory,
                    threads(),
                    weightType(),
                    progress.unlessShort(),
                    packed.folder().map(PackedCache::new));
            giveBack();
            return loaded;
        }
    }

    /** What was needed to load a large vocabulary goes back to the system, for it would not come back by itself while texts are written. */
    private static void giveBack() {
        Runtime runtime = Runtime.getRuntime();
        if (runtime.totalMemory() - runtime.freeMemory() > LARGE_HEAP) {
            System.gc();
        }
    }

    private static LoadProgress listener(Progress progress) {
        return new LoadProgress() {
            @Override
            public void report(String stage, long done, long total) {
                progress.report(stage, done, total);
            }

            @Override
            public void notice(String sentence) {
                progress.notice(sentence);
            }
        };
    }

    private Optional<WeightType> weightType() {
        return Optional.ofNullable(weights).map(precision -> WeightType.valueOf(precision.name()));
    }
}
