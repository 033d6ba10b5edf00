package io.karipap.bench.command;

import io.karipap.bench.KernelShare;
import io.karipap.bench.KernelSuite;
import io.karipap.bench.RowKernelsBenchmark;
import io.karipap.json.Json;
import io.karipap.kernels.ProcessorCores;
import io.karipap.kernels.WeightType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** JMH benchmarks of the kernels. */
@Command(
        name = "kernels",
        mixinStandardHelpOptions = true,
        description = {
            "Measures the kernels with JMH beside the machine's own limits, which it measures in the same run with the same threads:",
            "bytes read from memory and fused multiply-adds. The share is the time that the nearer limit allows over the time taken."
        })
final class BenchKernelsCommand implements Callable<Integer> {
    private static final String RECORDED = "/io/karipap/bench/kernel-shares.json";
    private static final double TOLERATED = 0.75;

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
            defaultValue = "F32,BF16,F16,Q8,Q4",
            description = "Weight types. Default: ${DEFAULT-VALUE}.")
    private List<WeightType> types;

    @Option(
            names = "--case",
            split = ",",
            paramLabel = "NxK:ROWS",
            defaultValue = "131072x2048:1,2048x2048:1,2048x2048:4,2048x2048:16,2048x2048:512",
            description =
                    "Weights and rows of activations. The first default reads from memory, in turns with the measuring "
                            + "of what memory gives at the moment; the others come from a cache. "
                            + "Default: ${DEFAULT-VALUE}.")
    private List<String> cases;

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "0",
            description = "Threads that compute; 0 for all physical cores. Default: ${DEFAULT-VALUE}.")
    private int threads;

    @Option(
            names = "--rows-kernels",
            description = "Measure norm, gate, softmax, argmax and attention too, one thread.")
    private boolean rowKernels;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the result there as JSON too.")
    private Path json;

    @Option(
            names = "--check",
            description = "Compare the shares with the recorded ones and fail where one is below 75 %% of that.")
    private boolean check;

    @Override
    public Integer call() throws Exception {
        for (String each : cases) {
            if (!each.matches("\\d{1,7}x\\d{1,7}:\\d{1,5}")) {
                throw new IllegalArgumentException("--case " + each + ": expected NxK:ROWS, such as 2048x2048:16");
            }
        }
        int team = ProcessorCores.orAll(threads);
        KernelSuite.Result result = new KernelSuite(kernels, types, cases, team)
                .run(next -> System.err.println("measuring " + next + " …"));
        print(result, team);
        if (rowKernels) {
            printRowKernels();
        }
        if (json != null) {
            Files.writeString(json, Json.pretty(result) + "\n");
        }
        return check ? check(result) : 0;
    }

    private void print(KernelSuite.Result result, int team) {
        double bandwidth = result.limits().gigabytesPerSecond();
        System.out.printf(
                Locale.ROOT,
                "limits with %d threads: %s%.0f GFLOP/s%n%n",
                team,
                bandwidth > 0 ? String.format(Locale.ROOT, "up to %.1f GB/s from memory, ", bandwidth) : "",
                result.limits().gigaflops());
        System.out.println("| type | weights | rows | µs | GB/s | GFLOP/s | bound | share |");
        System.out.println("|---|---|---|---|---|---|---|---|");
        for (KernelShare share : result.shares()) {
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %s | %d | %.1f | %.1f | %.1f | %s | %.0f %% |%n",
                    share.type(),
                    share.shape(),
                    share.rows(),
                    share.micros(),
                    share.gigabytesPerSecond(),
                    share.gigaflops(),
                    share.bound(),
                    100 * share.share());
        }
    }

    private void printRowKernels() throws RunnerException {
        System.out.printf("%n| kernel | elements | µs | elements/ns |%n|---|---|---|---|%n");
        for (RunResult run : new Runner(new OptionsBuilder()
                        .include(RowKernelsBenchmark.class.getName())
                        .param("kernels", kernels)
                        .param("size", "2048", "32768")
                        .forks(1)
                        .warmupIterations(4)
                        .warmupTime(TimeValue.milliseconds(400))
                        .measurementIterations(5)
                        .measurementTime(TimeValue.milliseconds(200))
                        .verbosity(VerboseMode.SILENT)
                        .build())
                .run()) {
            double micros = run.getPrimaryResult().getStatistics().getMin();
            String size = run.getParams().getParam("size");
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %s | %.2f | %.2f |%n",
                    run.getPrimaryResult().getLabel(),
                    size,
                    micros,
                    Integer.parseInt(size) / micros / 1e3);
        }
    }

    private static int check(KernelSuite.Result result) throws IOException {
        Map<String, Double> recorded;
        try (InputStream in = BenchKernelsCommand.class.getResourceAsStream(RECORDED)) {
            recorded = Json.read(in, KernelSuite.Result.class).shares().stream()
                    .collect(Collectors.toMap(KernelShare::key, KernelShare::share));
        }
        int worse = 0;
        for (KernelShare share : result.shares()) {
            Double before = recorded.get(share.key());
            if (before != null && share.share() < TOLERATED * before) {
                worse++;
                System.out.printf(
                        Locale.ROOT,
                        "%s: %.0f %% of the limit, recorded %.0f %%%n",
                        share.key(),
                        100 * share.share(),
                        100 * before);
            }
        }
        System.out.println(worse == 0 ? "no share is far below the recorded one" : worse + " shares are worse");
        return worse == 0 ? 0 : 1;
    }
}
