package io.karipap.model;

import io.karipap.network.ContractionGroup;

/**
 * Weights of one transformer block.
 *
 * @param attentionNorm [D]
 * @param queryKeyValue q, k and v
 * @param biases of q, k and v; empty where the model has none
 * @param attentionOutput o
 * @param mlpNorm [D]
 * @param gateUp gate and up
 * @param down down
 */
@SuppressWarnings("ArrayRecordComponent")
record TransformerBlock(
        float[] attentionNorm,
        ContractionGroup queryKeyValue,
        float[][] biases,
        ContractionGroup attentionOutput,
        float[] mlpNorm,
        ContractionGroup gateUp,
        ContractionGroup down) {}
