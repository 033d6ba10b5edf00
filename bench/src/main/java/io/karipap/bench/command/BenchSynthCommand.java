package io.karipap.bench.command;

import io.karipap.bench.SyntheticModel;
import io.karipap.cli.option.Home;
import io.karipap.kernels.WeightType;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Models of random weights. */
@Command(
        name = "synth",
        mixinStandardHelpOptions = true,
        description = {
            "Writes a model of random weights in a real shape, dense or factored, so that speed can be measured at that size.",
            "Its tokenizer is that of the bundled model; its text is noise."
        })
final class BenchSynthCommand implements Callable<Integer> {
    /** Shapes that have a name. */
    enum Shape {
        LLAMA_1B;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    @Option(
            names = "--like",
            paramLabel = "SHAPE",
            defaultValue = "llama-1b",
            converter = ShapeConverter.class,
            description = "llama-1b: hidden 2048, intermediate 8192, 16 blocks, 32/8 heads, vocabulary 32000.")
    private Shape shape;

    @Option(
            names = "--layers",
            paramLabel = "N",
            defaultValue = "16",
            description = "Blocks. Default: ${DEFAULT-VALUE}.")
    private int layers;

    @Option(
            names = "--weights",
            paramLabel = "TYPE",
            defaultValue = "BF16",
            description = "F32, BF16, F16, Q8 or Q4. Default: ${DEFAULT-VALUE}.")
    private WeightType type;

    @Option(
            names = "--params",
            paramLabel = "RATIO",
            defaultValue = "1",
            description =
                    "Parameters over those of the dense model; less than 1 makes low-rank blocks. Default: ${DEFAULT-VALUE}.")
    private double ratio;

    @Option(names = "--output", paramLabel = "DIR", required = true, description = "Directory to write.")
    private Path output;

    @Option(names = "--overwrite", description = "Replace the directory if it exists.")
    private boolean overwrite;

    @Override
    public Integer call() throws Exception {
        if (!(ratio > 0 && ratio <= 1) || layers < 1) {
            throw new IllegalArgumentException("--params must be in (0, 1] and --layers at least 1");
        }
        SyntheticModel model =
                switch (shape) {
                    case LLAMA_1B -> SyntheticModel.of(SyntheticModel.llama1b(layers), type, ratio);
                };
        model.write(output, Home.denseModel().resolve("tokenizer.json"), overwrite);
        System.out.printf(
                Locale.ROOT,
                "%s: %,d parameters dense, %.2f of them stored as %s%n",
                output,
                model.denseParameters(),
                ratio,
                type);
        return 0;
    }

    static final class ShapeConverter implements picocli.CommandLine.ITypeConverter<Shape> {
        @Override
        public Shape convert(String value) {
            for (Shape each : Shape.values()) {
                if (each.toString().equals(value)) {
                    return each;
                }
            }
            throw new picocli.CommandLine.TypeConversionException("no such shape: " + value + ", expected llama-1b");
        }
    }
}
