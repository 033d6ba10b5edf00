package io.karipap.model;

import io.karipap.network.Contraction;
import io.karipap.network.RowLookup;
import java.util.List;

/**
 * All weights of a model, ready for the kernels.
 *
 * @param embedding [V, D], looked up by row
 * @param finalNorm [D]
 * @param head [V, D] as an operator
 */
@SuppressWarnings("ArrayRecordComponent")
record TransformerWeights(RowLookup embedding, List<TransformerBlock> blocks, float[] finalNorm, Contraction head) {}
