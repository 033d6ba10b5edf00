package io.karipap.network;

import java.util.List;

/**
 * The order in which an activation absorbs the sites of an operator; the same for every number of rows.
 *
 * @param network the operator
 * @param steps one for each site
 */
public record ContractionPlan(TensorNetwork network, List<ContractionStep> steps) {
    public ContractionPlan {
        steps = List.copyOf(steps);
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
