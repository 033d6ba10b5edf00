package io.karipap.compress;

import io.karipap.model.Perplexity;
import java.time.Duration;
import java.util.List;

/**
 * What a compression did.
 *
 * @param sizeBefore of the dense model
 * @param sizeAfter of the compressed model
 * @param before perplexity of the dense model on the evaluation text
 * @param after perplexity of the compressed model on the same text
 * @param operators what became of each operator
 * @param duration time taken, measuring included
 */
public record CompressionReport(
        ModelSize sizeBefore,
        ModelSize sizeAfter,
        Perplexity before,
        Perplexity after,
        List<OperatorReport> operators,
        Duration duration) {
    /**
     * One operator.
     *
     * @param name weight matrix
     * @param out output features
     * @param in input features
     * @param bond bond dimension, or 0 where it stayed dense
     * @param discardedWeight share of its output energy that was dropped
     */
    public record OperatorReport(String name, int out, int in, int bond, double discardedWeight) {}

    /** Stored parameters after over before. */
    public double parameterRatio() {
        return (double) sizeAfter.parameters() / sizeBefore.parameters();
    }
}
