package io.karipap.bench.command;

import io.karipap.bench.BestRun;
import io.karipap.bench.ContractionBenchmark;
import io.karipap.kernels.ProcessorCores;
import io.karipap.kernels.WeightType;
import io.karipap.network.ContractionPlan;
import io.karipap.network.ContractionPlanner;
import io.karipap.network.MergingPlanner;
import io.karipap.network.TensorNetwork;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.openjdk.jmh.runner.RunnerException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What an operator costs by ansatz. */
@Command(
        name = "networks",
        mixinStandardHelpOptions = true,
        description =
                "Measures y = W x for a square operator of random sites, by ansatz, beside the dense matrix (JMH).")
final class BenchNetworksCommand implements Callable<Integer> {
    @Option(
            names = "--network",
            split = ",",
            paramLabel = "ANSATZ:BOND",
            defaultValue = "dense:0,low-rank:614,block:612,mpo:32,peps:4,peps:8",
            description =
                    "dense, low-rank, block (4×4 blocks), mpo (two sites), peps (2×2). Default: ${DEFAULT-VALUE}.")
    private List<String> networks;

    @Option(names = "--size", paramLabel = "N", defaultValue = "4096", description = "Default: ${DEFAULT-VALUE}.")
    private int size;

    @Option(
            names = "--rows",
            split = ",",
            paramLabel = "M",
            defaultValue = "1,64",
            description = "Default: ${DEFAULT-VALUE}.")
    private List<Integer> rows;

    @Option(names = "--type", paramLabel = "TYPE", defaultValue = "BF16", description = "Default: ${DEFAULT-VALUE}.")
    private WeightType type;

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "0",
            description = "Threads that compute; 0 for all physical cores. Default: ${DEFAULT-VALUE}.")
    private int threads;

    @Override
    public Integer call() throws Exception {
        StringBuilder head = new StringBuilder("| network | parameters | FMA a row ");
        rows.forEach(m -> head.append("| µs, ").append(m).append(m == 1 ? " row " : " rows "));
        System.out.println(head + "|");
        System.out.println("|---".repeat(3 + rows.size()) + "|");
        for (String name : networks) {
            TensorNetwork network = ContractionBenchmark.network(name, size);
            print(name, name, ContractionPlanner.plan(network), false);
            ContractionPlan merged = MergingPlanner.plan(network);
            if (!merged.products().isEmpty()) {
                print(name + ", merged", name, merged, true);
            }
        }
        return 0;
    }

    private void print(String label, String name, ContractionPlan plan, boolean merge) throws RunnerException {
        StringBuilder line = new StringBuilder(String.format(
                Locale.ROOT, "| %s | %,d | %,d ", label, plan.network().parameterCount(), plan.fma()));
        for (int m : rows) {
            line.append(String.format(Locale.ROOT, "| %.1f ", micros(name, m, merge)));
        }
        System.out.println(line + "|");
    }

    private double micros(String network, int m, boolean merge) throws RunnerException {
        return BestRun.micros(BestRun.options(ContractionBenchmark.class.getName())
                .param("network", network)
                .param("size", Integer.toString(size))
                .param("rows", Integer.toString(m))
                .param("type", type.name())
                .param("merge", Boolean.toString(merge))
                .param("threads", Integer.toString(ProcessorCores.orAll(threads))));
    }
}
