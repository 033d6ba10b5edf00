package io.karipap.network;

import io.karipap.format.Tensor;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The order in which an activation absorbs the sites of an operator; the same for every number of rows.
 *
 * @param network the operator
 * @param steps one for each site
 * @param products sites of the network that are made of others when a model is loaded, by the names of their tensors
 */
public record ContractionPlan(TensorNetwork network, List<ContractionStep> steps, Map<String, SiteProduct> products) {
    public ContractionPlan {
        steps = List.copyOf(steps);
        products = Map.copyOf(products);
    }

    /** The tensor {@code name}, which may be a product of {@code stored} ones. */
    Tensor tensor(String name, Function<String, Tensor> stored) {
        SiteProduct product = products.get(name);
        return product == null
                ? stored.apply(name)
                : product.of(
                        tensor(product.left().tensor(), stored),
                        tensor(product.right().tensor(), stored));
    }

    /** What the steps take for one row: multiply-adds as the kernels do them, and what else takes time in their unit. */
    double work() {
        return steps.stream().mapToDouble(ContractionStep::work).sum();
    }

    /** Multiply-adds for one row of activations. */
    public long fma() {
        return steps.stream().mapToLong(ContractionStep::fma).sum();
    }

    /** Elements of the largest activation on the way, for one row. */
    public int largestActivation() {
        int largest = network.in();
        for (ContractionStep step : steps) {
            largest = Math.max(largest, step.outputSize());
        }
        return largest;
    }
}
