package io.karipap.compress;

import io.karipap.directory.ModelSize;
import io.karipap.evaluate.Perplexity;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What a compression did.
 *
 * @param sizeBefore of the dense model
 * @param sizeAfter of the compressed model
 * @param before perplexity of the dense model on the evaluation text
 * @param after perplexity of the compressed model on the same text
 * @param cells what became of each cell
 * @param stages time taken by stage, in order
 */
public record CompressionReport(
        ModelSize sizeBefore,
        ModelSize sizeAfter,
        Perplexity before,
        Perplexity after,
        List<CellReport> cells,
        Map<String, Duration> stages) {
    /**
     * One operator, or several that share sites.
     *
     * @param operators names of the weight matrices
     * @param written ansatz, bonds and type
     * @param parameters stored
     * @param error the relative error of their outputs on the calibration text: the truncation error
     */
    public record CellReport(List<String> operators, String written, long parameters, double error) {}

    /** The same, with the time taken. */
    CompressionReport taking(Map<String, Duration> times) {
        return new CompressionReport(sizeBefore, sizeAfter, before, after, cells, times);
    }

    /** Stored parameters after over before. */
    public double parameterRatio() {
        return (double) sizeAfter.parameters() / sizeBefore.parameters();
    }

    /** Time taken, measuring included. */
    public Duration duration() {
        return stages.values().stream().reduce(Duration.ZERO, Duration::plus);
    }
}
