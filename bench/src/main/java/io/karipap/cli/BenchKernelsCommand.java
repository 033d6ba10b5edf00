package io.karipap.cli;

import io.karipap.bench.MatmulBenchmark;
import java.util.Collection;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** JMH benchmarks of the kernels. */
@Command(
        name = "kernels",
        mixinStandardHelpOptions = true,
        description =
                "Measures matmul by weight type, size and rows with JMH; prints GB/s of weights read and GFLOP/s, one thread.")
final class BenchKernelsCommand implements Callable<Integer> {
    @Option(
            names = "--kernels",
            paramLabel = "NAME",
            defaultValue = "vector",
            description = "vector or scalar. Default: ${DEFAULT-VALUE}.")
    private String kernels;

    @Option(
            names = "--type",
            split = ",",
            paramLabel = "TYPE",
            defaultValue = "F32,BF16,F16",
            description = "Weight types. Default: ${DEFAULT-VALUE}.")
    private String[] types;

    @Option(
            names = "--size",
            split = ",",
            paramLabel = "N",
            defaultValue = "256,768,2048",
            description = "N of N×N weights. Default: ${DEFAULT-VALUE}.")
    private String[] sizes;

    @Option(
            names = "--rows",
            split = ",",
            paramLabel = "M",
            defaultValue = "1,64",
            description = "Rows of activations. Default: ${DEFAULT-VALUE}.")
    private String[] rows;

    @Override
    public Integer call() throws Exception {
        Collection<RunResult> results = new Runner(new OptionsBuilder()
                        .include(MatmulBenchmark.class.getName())
                        .param("kernels", kernels)
                        .param("type", types)
                        .param("size", sizes)
                        .param("rows", rows)
                        .forks(1)
                        .warmupIterations(8)
                        .warmupTime(TimeValue.milliseconds(500))
                        .measurementIterations(5)
                        .measurementTime(TimeValue.milliseconds(400))
                        .verbosity(VerboseMode.SILENT)
                        .build())
                .run();
        System.out.printf(
                "%-8s %-6s %6s %6s %12s %10s %10s%n", "kernels", "type", "size", "rows", "µs", "GB/s", "GFLOP/s");
        for (RunResult result : results) {
            double micros = result.getPrimaryResult().getScore();
            long size = Long.parseLong(result.getParams().getParam("size"));
            long m = Long.parseLong(result.getParams().getParam("rows"));
            String type = result.getParams().getParam("type");
            double bytes =
                    size * size * io.karipap.kernels.WeightType.valueOf(type).bits() / 8.0;
            System.out.printf(
                    Locale.ROOT,
                    "%-8s %-6s %6d %6d %12.1f %10.2f %10.2f%n",
                    kernels,
                    type,
                    size,
                    m,
                    micros,
                    bytes / micros / 1e3,
                    2.0 * m * size * size / micros / 1e3);
        }
        return 0;
    }
}
