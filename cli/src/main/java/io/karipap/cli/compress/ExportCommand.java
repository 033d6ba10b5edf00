package io.karipap.cli.compress;

import io.karipap.cli.option.ModelLocation;
import io.karipap.cli.option.ProgressDisplay;
import io.karipap.export.DenseExport;
import io.karipap.export.GgufExport;
import io.karipap.kernels.WeightType;
import io.karipap.linalg.Algebra;
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
        description = {
            "Writes a model for other runtimes: as a GGUF file for llama.cpp and its kin, or as a Hugging Face",
            "directory. The dense matrices of a Karipap directory are rebuilt."
        },
        footer = {
            "",
            "Examples:",
            "  karipap export --model compressor/models/tales --weights Q8 --output tales.gguf",
            "  karipap export --model tales-half --format hf --weights BF16 --output tales-half-dense"
        })
final class ExportCommand implements Callable<Integer> {
    private enum Format {
        GGUF,
        HF
    }

    @Option(
            names = "--model",
            paramLabel = ModelLocation.LABEL,
            required = true,
            description = "Hugging Face or Karipap directory, GGUF file, or name of a model that was pulled.")
    private ModelLocation model;

    @Option(
            names = "--format",
            paramLabel = "NAME",
            defaultValue = "GGUF",
            description = "GGUF or HF. Default: ${DEFAULT-VALUE}.")
    private Format format;

    @Option(
            names = "--weights",
            paramLabel = "TYPE",
            defaultValue = "F16",
            description = "F32, BF16, F16; for GGUF also Q8 (Q8_0) and Q4 (Q4_0). Default: ${DEFAULT-VALUE}.")
    private WeightType type;

    @Option(
            names = "--output",
            paramLabel = "PATH",
            required = true,
            description = "File to write, such as model.gguf, or directory to make.")
    private Path output;

    @Option(
            names = "--algebra",
            paramLabel = "NAME",
            defaultValue = "TORCH",
            description = "What rebuilds matrices: TORCH or EJML. Default: ${DEFAULT-VALUE}.")
    private Algebra algebra;

    @Override
    public Integer call() throws Exception {
        if (format == Format.HF) {
            try (ProgressDisplay progress = new ProgressDisplay()) {
                DenseExport.write(model.path(), type, output, algebra.open(progress::report));
            }
            System.out.println("written to " + output);
        } else {
            try (ProgressDisplay progress = new ProgressDisplay()) {
                GgufExport.write(model.path(), type, output, () -> algebra.open(progress::report));
            }
            System.out.printf(Locale.ROOT, "%s: %,d bytes%n", output, Files.size(output));
        }
        return 0;
    }
}
