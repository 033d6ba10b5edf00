package io.karipap.model;

import io.karipap.kernels.Rows;
import io.karipap.model.config.Input;

/**
 * The attention of a block.
 *
 * @param layer the block
 * @param queryKeyValue q, k and v
 * @param output o
 */
record AttentionPart(int layer, Projection queryKeyValue, Projection output) implements HalfBlock.Part {
    @Override
    public void compute(Step step, Rows x) {
        Attention attention = step.attention;
        step.observe(layer, Input.ATTENTION, x, step.rows, x.stride());
        queryKeyValue.apply(step, x, attention.queryKeyValue());
        attention.store(step.batch, layer);
        attention.attend(step.batch, layer);
        Rows attended = attention.attended();
        step.observe(layer, Input.ATTENTION_OUTPUT, attended, step.rows, attended.stride());
        output.apply(step, attended, step.activations.halfAlone());
    }
}
