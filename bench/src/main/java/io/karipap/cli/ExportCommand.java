package io.karipap.cli;

import io.karipap.export.GgufExport;
import io.karipap.kernels.WeightType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A model for other runtimes. */
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        description = "Writes a dense model as a GGUF file for llama.cpp and its kin.")
final class ExportCommand implements Callable<Integer> {
    @Option(
            names = "--model",
            paramLabel = "DIR",
            required = true,
            description = "Hugging Face directory, not factored.")
    private Path model;

    @Option(
            names = "--weights",
            paramLabel = "TYPE",
            defaultValue = "F16",
            description = "F32, BF16, F16, Q8 (Q8_0) or Q4 (Q4_0). Default: ${DEFAULT-VALUE}.")
    private WeightType type;

    @Option(
            names = "--output",
            paramLabel = "FILE",
            required = true,
            description = "File to write, such as model.gguf.")
    private Path output;

    @Override
    public Integer call() throws Exception {
        GgufExport.write(model, type, output);
        System.out.printf(Locale.ROOT, "%s: %,d bytes%n", output, Files.size(output));
        return 0;
    }
}
