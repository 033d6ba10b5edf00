package io.karipap.model;

import io.karipap.network.Contraction;
import java.util.Map;

/**
 * Weights of one transformer block.
 *
 * @param attentionNorm [D]
 * @param mlpNorm [D]
 * @param linears every linear operator
 * @param biases of q, k and v where the model has them
 */
@SuppressWarnings("ArrayRecordComponent")
record LlamaBlock(
        float[] attentionNorm,
        float[] mlpNorm,
        Map<LlamaNames.Linear, Contraction> linears,
        Map<LlamaNames.Linear, float[]> biases) {}
