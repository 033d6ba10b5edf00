package io.karipap.operator;

import java.util.Arrays;

/** How much the rows of an embedding count: by how often a text looks them up. */
final class RowWeights {
    private RowWeights() {}

    /**
     * Weights of mean 1 {@code [vocabulary]}. Where a row is one of the head as well, half of its weight is that of every other row.
     *
     * @param ids tokens of the text
     * @param tied whether the embedding is the head too
     */
    static double[] of(int[] ids, int vocabulary, boolean tied) {
        double even = tied ? 0.5 : 0.05;
        double[] weights = new double[vocabulary];
        Arrays.fill(weights, even);
        for (int id : ids) {
            weights[id] += (1 - even) * vocabulary / ids.length;
        }
        return weights;
    }
}
