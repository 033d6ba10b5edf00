package io.karipap.cli;

import io.karipap.cli.option.ModelLocation;
import io.karipap.directory.ModelSize;
import io.karipap.format.ModelSource;
import io.karipap.format.Tensor;
import io.karipap.format.TensorStore;
import io.karipap.json.Json;
import io.karipap.model.ModelLoader;
import io.karipap.model.config.ModelConfig;
import io.karipap.model.config.OperatorShape;
import io.karipap.network.ContractionPlan;
import io.karipap.network.ContractionStep;
import io.karipap.network.Index;
import io.karipap.network.Leg;
import io.karipap.network.MergingPlanner;
import io.karipap.network.Site;
import io.karipap.network.TensorNetwork;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Shows what a model is made of. */
@Command(
        name = "inspect",
        mixinStandardHelpOptions = true,
        description = "Lists a model's operators with their sites, bonds, types, parameters and bytes.")
final class InspectCommand implements Callable<Integer> {
    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = ModelLocation.LABEL,
            description = "Hugging Face or Karipap directory, GGUF file, or name of a model that was pulled.")
    private ModelLocation positional;

    @Option(names = "--model", paramLabel = ModelLocation.LABEL, description = "The same, as an option.")
    private ModelLocation named;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Option(
            names = "--bandwidth",
            paramLabel = "GB/s",
            defaultValue = "20",
            description = "For --plan: bytes read from memory, as 'bench kernels' finds. Default: ${DEFAULT-VALUE}.")
    private double bandwidth;

    @Option(
            names = "--gigaflops",
            paramLabel = "N",
            defaultValue = "200",
            description = "For --plan: operations computed, as 'bench kernels' finds. Default: ${DEFAULT-VALUE}.")
    private double gigaflops;

    @Option(names = "--plan", description = "Print the contraction steps with their multiply-adds for one token.")
    private boolean plan;

    private record Row(String operator, TensorNetwork network, List<Tensor> sites, long parameters, long bytes) {}

    @Override
    public Integer call() throws Exception {
        ModelLocation model = named != null ? named : positional;
        if (model == null) {
            throw new IllegalArgumentException("no model is named, expected a directory or a GGUF file");
        }
        Path directory = model.path();
        ModelSource source = ModelSource.of(directory);
        ModelConfig config = ModelLoader.readConfig(source);
        try (TensorStore store = ModelLoader.open(source, config)) {
            List<Row> rows = rows(config, ModelLoader.networks(source), store);
            ModelSize size = ModelSize.of(store);
            if (json) {
                printJson(directory, rows, size);
            } else {
                printTable(rows, size);
            }
        }
        return 0;
    }

    private static List<Row> rows(ModelConfig config, Map<String, TensorNetwork> networks, TensorStore store) {
        List<Row> rows = new ArrayList<>();
        for (OperatorShape operator : config.operators()) {
            TensorNetwork network = networks.getOrDefault(
                    operator.name(), TensorNetwork.dense(operator.name(), operator.out(), operator.in()));
            List<Tensor> sites = new ArrayList<>();
            for (Site site : network.sites()) {
                sites.add(store.require(site.tensor(), network.shape(site)));
            }
            rows.add(new Row(
                    operator.name(),
                    network,
                    sites,
                    sites.stream().mapToLong(Tensor::elements).sum(),
                    sites.stream().mapToLong(Tensor::bytes).sum()));
        }
        return rows;
    }

    private void printTable(List<Row> rows, ModelSize size) {
        System.out.printf(
                "%-42s %11s %-28s %-10s %-10s %12s %12s%n",
                "operator", "out × in", "sites", "bonds", "type", "parameters", "bytes");
        double total = 0;
        for (Row row : rows) {
            System.out.printf(
                    Locale.ROOT,
                    "%-42s %11s %-28s %-10s %-10s %,12d %,12d%n",
                    row.operator(),
                    row.network().out() + "×" + row.network().in(),
                    row.network().sites().stream()
                            .map(site -> "[" + String.join(" ", site.indices()) + "]")
                            .collect(Collectors.joining(" ")),
                    bonds(row.network()),
                    types(row),
                    row.parameters(),
                    row.bytes());
            if (plan) {
                total += printPlan(row);
            }
        }
        System.out.printf(
                Locale.ROOT,
                "all tensors, norms included: %,d parameters, %,d bytes%n",
                size.parameters(),
                size.bytes());
        if (plan) {
            System.out.printf(
                    Locale.ROOT,
                    "predicted at %.0f GB/s and %.0f GFLOP/s: %.2f ms a token in the operators, %.0f tokens/s%n",
                    bandwidth,
                    gigaflops,
                    total / 1e3,
                    1e6 / total);
        }
    }

    /** Prints the steps and returns their predicted time, in microseconds a token. */
    private double printPlan(Row row) {
        double total = 0;
        ContractionPlan contraction = MergingPlanner.plan(row.network());
        for (ContractionStep step : contraction.steps()) {
            String name = contraction.network().sites().get(step.site()).tensor();
            boolean merged = contraction.products().containsKey(name);
            long bytes = merged
                    ? 4 * contraction.network().parameters().get(name)
                    : row.sites().stream()
                            .filter(t -> t.name().equals(name))
                            .findFirst()
                            .orElseThrow()
                            .bytes();
            double micros = micros(step.fma(), bytes);
            total += micros;
            System.out.printf(
                    Locale.ROOT,
                    "    absorb %s%s: sum over %s, make %s: %,d multiply-adds, %,d bytes, %.1f µs a token%n",
                    name,
                    merged ? " (made when the model is loaded)" : "",
                    names(step.contracted()),
                    names(step.produced()),
                    step.fma(),
                    bytes,
                    micros);
        }
        return total;
    }

    /** The longer of reading the weights and of computing, for one row of activations. */
    private double micros(long fma, long bytes) {
        return Math.max(bytes / (bandwidth * 1e3), 2.0 * fma / (gigaflops * 1e3));
    }

    private static String names(List<Index> indices) {
        return indices.stream().map(i -> i.name() + "=" + i.size()).toList().toString();
    }

    private static String bonds(TensorNetwork network) {
        String bonds = network.indices().stream()
                .filter(i -> i.leg() == Leg.BOND)
                .map(i -> i.name() + "=" + i.size())
                .collect(Collectors.joining(" "));
        return bonds.isEmpty() ? "-" : bonds;
    }

    private static String types(Row row) {
        return row.sites().stream().map(InspectCommand::type).distinct().collect(Collectors.joining("+"));
    }

    /** The type in the file and, where it is another, the one in memory, which holds the same values. */
    private static String type(Tensor tensor) {
        String stored = tensor.data().stored();
        String packed = tensor.type().name();
        return stored.equals(packed) ? packed : stored + "→" + packed;
    }

    private static void printJson(Path directory, List<Row> rows, ModelSize size) {
        ObjectNode root = Json.object();
        root.put("model", directory.toString());
        root.put("parameters", size.parameters());
        root.put("bytes", size.bytes());
        ArrayNode operators = root.putArray("operators");
        for (Row row : rows) {
            ObjectNode node = operators.addObject();
            node.put("operator", row.operator());
            node.put("out", row.network().out());
            node.put("in", row.network().in());
            node.put("parameters", row.parameters());
            node.put("bytes", row.bytes());
            node.put("fma", MergingPlanner.plan(row.network()).fma());
            ObjectNode bonds = node.putObject("bonds");
            for (Index index : row.network().indices()) {
                if (index.leg() == Leg.BOND) {
                    bonds.put(index.name(), index.size());
                }
            }
            ArrayNode sites = node.putArray("sites");
            for (int i = 0; i < row.sites().size(); i++) {
                ObjectNode site = sites.addObject();
                site.put("tensor", row.sites().get(i).name());
                site.put("type", row.sites().get(i).type().name());
                site.put("stored", row.sites().get(i).data().stored());
                ArrayNode indices = site.putArray("indices");
                row.network().sites().get(i).indices().forEach(indices::add);
                ArrayNode shape = site.putArray("shape");
                row.sites().get(i).shape().forEach(shape::add);
            }
        }
        System.out.println(Json.pretty(root));
    }
}
