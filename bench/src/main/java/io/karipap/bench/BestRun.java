package io.karipap.bench;

import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** One benchmark in a JVM of its own, of which the best iteration counts: what the machine can do when its other tenants rest. */
public final class BestRun {
    /** Three seconds: the JIT compiler may need two for a kernel while other tenants are busy. */
    private static final int WARM_UPS = 6;

    private static final int ITERATIONS = 5;

    private BestRun() {}

    /**
     * @param include regular expression for the benchmark's name
     */
    public static ChainedOptionsBuilder options(String include) {
        return new OptionsBuilder()
                .include(include)
                .forks(1)
                .warmupIterations(WARM_UPS)
                .warmupTime(TimeValue.milliseconds(500))
                .measurementIterations(ITERATIONS)
                .measurementTime(TimeValue.milliseconds(400))
                .verbosity(VerboseMode.SILENT);
    }

    /** Runs it; microseconds of the best iteration. */
    public static double micros(ChainedOptionsBuilder options) throws RunnerException {
        return run(options).getPrimaryResult().getStatistics().getMin();
    }

    static RunResult run(ChainedOptionsBuilder options) throws RunnerException {
        return new Runner(options.build()).runSingle();
    }
}
