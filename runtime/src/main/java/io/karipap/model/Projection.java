package io.karipap.model;

import io.karipap.kernels.Rows;
import io.karipap.network.ContractionGroup;

/** Operators of the same input with their biases: y = W x + b. */
final class Projection {
    private final ContractionGroup operators;
    private final float[][] biases;

    /**
     * @param biases one for every operator; of no element where it has none
     */
    Projection(ContractionGroup operators, float[][] biases) {
        this.operators = operators;
        this.biases = biases;
    }

    /**
     * @param x [M, in]
     * @param y results, [M, out] of every operator
     */
    void apply(Step step, Rows x, Rows[] y) {
        operators.apply(x, y, step.rows, step.kernels, step.team, step.scratch);
        for (int i = 0; i < biases.length; i++) {
            if (biases[i].length > 0) {
                for (int m = 0; m < step.rows; m++) {
                    step.kernels.add(biases[i], 0, y[i].data(), y[i].at(m), biases[i].length);
                }
            }
        }
    }
}
