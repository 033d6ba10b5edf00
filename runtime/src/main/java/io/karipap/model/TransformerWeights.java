package io.karipap.model;

import io.karipap.network.Contraction;
import io.karipap.network.RowLookup;
import java.util.List;

/**
 * All parts of a model with their weights, ready for the kernels.
 *
 * @param embedding [V, D], looked up by row
 * @param head [V, D] as an operator
 */
record TransformerWeights(RowLookup embedding, List<TransformerBlock> blocks, Norm finalNorm, Contraction head) {}
