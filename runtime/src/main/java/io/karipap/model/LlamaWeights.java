package io.karipap.model;

import io.karipap.kernels.PackedMatrix;
import io.karipap.network.Contraction;
import java.util.List;

/**
 * All weights of a model, ready for the kernels.
 *
 * @param embedding [V, D], looked up by row
 * @param finalNorm [D]
 * @param head [V, D] as an operator
 */
@SuppressWarnings("ArrayRecordComponent")
record LlamaWeights(PackedMatrix embedding, List<LlamaBlock> blocks, float[] finalNorm, Contraction head) {}
