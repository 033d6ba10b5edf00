package io.karipap.train;

import io.karipap.network.ContractionPlan;
import io.karipap.network.ContractionPlanner;
import io.karipap.network.ContractionStep;
import io.karipap.network.Index;
import io.karipap.network.Leg;
import io.karipap.network.Site;
import io.karipap.network.TensorNetwork;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/** Applies a network to rows of activations in the runtime's order, by matrix products that LibTorch can differentiate. */
final class TorchContraction {
    /** Stands for the rows among the names of an activation's dimensions. */
    private static final String ROWS = "";

    private final TensorNetwork network;
    private final ContractionPlan plan;

    TorchContraction(TensorNetwork network) {
        this.network = network;
        this.plan = ContractionPlanner.plan(network);
    }

    /**
     * y = W x for every row.
     *
     * @param x [N, in]
     * @param tensors site tensors by name
     * @return [N, out]
     */
    Tensor apply(Tensor x, Map<String, Tensor> tensors) {
        long rows = x.size(0);
        List<String> names = new ArrayList<>(List.of(ROWS));
        names.addAll(names(Leg.IN));
        Tensor activation = x.reshape(sizes(rows, names));
        for (ContractionStep step : plan.steps()) {
            Site site = network.sites().get(step.site());
            List<String> batch = names(step.batch());
            List<String> contracted = names(step.contracted());
            List<String> produced = names(step.produced());
            List<String> keptRows = new ArrayList<>(List.of(ROWS));
            keptRows.addAll(names(step.kept()));
            Tensor left = matrices(activation, names, batch, keptRows, contracted, rows);
            Tensor right = matrices(tensors.get(site.tensor()), site.indices(), batch, contracted, produced, rows);
            names = new ArrayList<>(batch);
            names.addAll(keptRows);
            names.addAll(produced);
            activation = left.matmul(right).reshape(sizes(rows, names));
        }
        List<String> out = new ArrayList<>(List.of(ROWS));
        out.addAll(names(Leg.OUT));
        return ordered(activation, names, out).reshape(rows, network.out());
    }

    /** A tensor as matrices [batch, first, second]; as one matrix without batch. */
    private Tensor matrices(
            Tensor tensor, List<String> names, List<String> batch, List<String> first, List<String> second, long rows) {
        List<String> order = new ArrayList<>(batch);
        order.addAll(first);
        order.addAll(second);
        Tensor ordered = ordered(tensor, names, order);
        long m = product(rows, first);
        long n = product(rows, second);
        return batch.isEmpty() ? ordered.reshape(m, n) : ordered.reshape(product(rows, batch), m, n);
    }

    private static Tensor ordered(Tensor tensor, List<String> names, List<String> order) {
        return names.equals(order)
                ? tensor
                : tensor.permute(order.stream().mapToLong(names::indexOf).toArray());
    }

    private List<String> names(Leg leg) {
        return names(
                network.indices().stream().filter(index -> index.leg() == leg).toList());
    }

    private static List<String> names(List<Index> indices) {
        return indices.stream().map(Index::name).toList();
    }

    private long[] sizes(long rows, List<String> names) {
        return names.stream().mapToLong(name -> size(rows, name)).toArray();
    }

    private long product(long rows, List<String> names) {
        return names.stream().mapToLong(name -> size(rows, name)).reduce(1, Math::multiplyExact);
    }

    private long size(long rows, String name) {
        return name.equals(ROWS) ? rows : network.index(name).size();
    }
}
