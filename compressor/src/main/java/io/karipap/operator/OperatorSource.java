package io.karipap.operator;

import io.karipap.linalg.Matrix;
import java.util.Optional;

/** Reads what belongs to an operator, each time anew: a whole model does not fit into memory in doubles. */
public interface OperatorSource {
    /** W {@code [m, n]}. */
    Matrix weights();

    /** How errors are weighed by what flows in. */
    Metric metric();

    /** How often each row counts {@code [m]}; nothing where all count alike. */
    default Optional<double[]> rowWeights() {
        return Optional.empty();
    }
}
