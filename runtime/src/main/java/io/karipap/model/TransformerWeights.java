package io.karipap.model;

import io.karipap.network.Contraction;
import io.karipap.network.RowLookup;
import java.util.List;
import java.util.Optional;

/**
 * All parts of a model with their weights, ready for the kernels.
 *
 * @param embedding [V, D], looked up by row
 * @param positions [maxPositions, D], looked up by position, where the model has learned them
 * @param head [V, D] as an operator
 */
record TransformerWeights(
        RowLookup embedding,
        Optional<RowLookup> positions,
        List<TransformerBlock> blocks,
        Norm finalNorm,
        Contraction head) {}
