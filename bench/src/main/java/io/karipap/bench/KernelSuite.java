package io.karipap.bench;

import io.karipap.kernels.WeightType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;

/**
 * Runs the matmul by JMH and compares it with the machine's limits: with reading from memory in turns, where the weights come from there
 * ({@link MemoryBoundBenchmark}), else with multiply-adds, which are measured before every type of weights and of which the best count.
 *
 * @param kernels {@code vector} or {@code scalar}
 * @param types types of weights
 * @param cases {@code NxK:rows}
 * @param threads threads that work
 */
public record KernelSuite(String kernels, List<WeightType> types, List<String> cases, int threads) {
    /** @param bandwidth what the memory gave at the same time, GB/s; 0 where weights come from a cache */
    private record Measured(WeightType type, String shape, int rows, double micros, double bandwidth) {}

    /**
     * @param limits the best that was seen of each
     * @param shares one for each type and case
     */
    public record Result(MachineLimits limits, List<KernelShare> shares) {}

    /**
     * Measures.
     *
     * @param progress hears what comes next
     */
    public Result run(Consumer<String> progress) throws RunnerException {
        List<Measured> measured = new ArrayList<>();
        double gigaflops = 0;
        for (WeightType type : types) {
            progress.accept("limit of multiply-adds");
            double micros = BestRun.micros(options(LimitsBenchmark.class, "multiplyAdd"));
            gigaflops = Math.max(gigaflops, LimitsBenchmark.operations(threads) / micros / 1e3);
            for (String each : cases) {
                progress.accept(type + " " + each);
                String shape = each.substring(0, each.indexOf(':'));
                int rows = Integer.parseInt(each.substring(each.indexOf(':') + 1));
                measured.add(
                        KernelShare.fromMemory(type, shape)
                                ? besideReading(type, shape, rows)
                                : alone(type, shape, rows));
            }
        }
        double bandwidth =
                measured.stream().mapToDouble(Measured::bandwidth).max().orElse(0);
        List<KernelShare> shares = new ArrayList<>();
        for (Measured m : measured) {
            MachineLimits limits = new MachineLimits(m.bandwidth(), gigaflops);
            shares.add(KernelShare.of(m.type(), m.shape(), m.rows(), threads, m.micros(), limits));
        }
        return new Result(new MachineLimits(bandwidth, gigaflops), shares);
    }

    private Measured alone(WeightType type, String shape, int rows) throws RunnerException {
        double micros = BestRun.micros(matmul(options(MatmulBenchmark.class, "matmul"), type, shape, rows));
        return new Measured(type, shape, rows, micros, 0);
    }

    private Measured besideReading(WeightType type, String shape, int rows) throws RunnerException {
        RunResult run = BestRun.run(matmul(options(MemoryBoundBenchmark.class, "inTurns"), type, shape, rows));
        double calls = sum(run, "calls");
        double micros = sum(run, "matmulNanos") / calls / 1e3;
        double bandwidth = MemoryBoundBenchmark.BYTES * calls / sum(run, "readNanos");
        return new Measured(type, shape, rows, micros, bandwidth);
    }

    private static double sum(RunResult run, String counter) {
        return run.getSecondaryResults().get(counter).getScore();
    }

    private ChainedOptionsBuilder matmul(ChainedOptionsBuilder options, WeightType type, String shape, int rows) {
        return options.param("kernels", kernels)
                .param("type", type.name())
                .param("shape", shape)
                .param("rows", String.valueOf(rows));
    }

    private ChainedOptionsBuilder options(Class<?> benchmark, String method) {
        return BestRun.options(benchmark.getName() + "\\." + method + "$").param("threads", String.valueOf(threads));
    }
}
