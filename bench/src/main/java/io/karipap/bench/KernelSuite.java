package io.karipap.bench;

import io.karipap.kernels.WeightType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;

/**
 * Runs the matmul by JMH and compares it with the machine's limits. As a shared machine is faster in one minute than in the next, the
 * limits are measured before every type of weights and the best of them counts.
 *
 * @param kernels {@code vector} or {@code scalar}
 * @param types types of weights
 * @param cases {@code NxK:rows}
 * @param threads threads that work
 */
public record KernelSuite(String kernels, List<WeightType> types, List<String> cases, int threads) {
    private record Measured(WeightType type, String shape, int rows, double micros) {}

    /**
     * @param limits the limits that the shares are of
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
        double bandwidth = 0;
        double flops = 0;
        for (WeightType type : types) {
            progress.accept("limits of the machine");
            bandwidth = Math.max(bandwidth, LimitsBenchmark.BYTES / limit("read") / 1e3);
            flops = Math.max(flops, LimitsBenchmark.operations(threads) / limit("multiplyAdd") / 1e3);
            for (String each : cases) {
                progress.accept(type + " " + each);
                String shape = each.substring(0, each.indexOf(':'));
                int rows = Integer.parseInt(each.substring(each.indexOf(':') + 1));
                ChainedOptionsBuilder options = options(MatmulBenchmark.class.getName())
                        .param("kernels", kernels)
                        .param("type", type.name())
                        .param("shape", shape)
                        .param("rows", String.valueOf(rows));
                measured.add(new Measured(type, shape, rows, BestRun.micros(options)));
            }
        }
        MachineLimits limits = new MachineLimits(bandwidth, flops);
        return new Result(
                limits,
                measured.stream()
                        .map(m -> KernelShare.of(m.type(), m.shape(), m.rows(), threads, m.micros(), limits))
                        .toList());
    }

    private double limit(String method) throws RunnerException {
        return BestRun.micros(options(LimitsBenchmark.class.getName() + "." + method));
    }

    private ChainedOptionsBuilder options(String benchmark) {
        return BestRun.options(benchmark + "$|" + benchmark + "\\.").param("threads", String.valueOf(threads));
    }
}
