package io.karipap.evaluate;

import java.util.Arrays;

/**
 * What a model scored on the items of a task, in their order, so that two models can be compared item by item.
 *
 * @param task what was measured
 * @param unit of the mean
 * @param higherIsBetter whether a higher mean is better
 * @param sums by item
 * @param weights by item: the mean is the sum of the sums over the sum of the weights
 */
@SuppressWarnings("ArrayRecordComponent")
public record Scores(String task, String unit, boolean higherIsBetter, double[] sums, double[] weights) {
    /** @throws IllegalArgumentException if there is no item, or not a weight for every sum */
    public Scores {
        if (sums.length == 0 || sums.length != weights.length) {
            throw new IllegalArgumentException(
                    task + " has " + sums.length + " scores and " + weights.length + " weights");
        }
    }

    /** Scores of items that weigh the same. */
    static Scores of(String task, String unit, boolean higherIsBetter, double[] values) {
        double[] ones = new double[values.length];
        Arrays.fill(ones, 1);
        return new Scores(task, unit, higherIsBetter, values, ones);
    }

    public int items() {
        return sums.length;
    }

    /** The weighted mean. */
    public double mean() {
        return Arrays.stream(sums).sum() / Arrays.stream(weights).sum();
    }
}
