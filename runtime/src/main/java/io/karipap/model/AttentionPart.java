package io.karipap.model;

import io.karipap.kernels.Rows;
import io.karipap.model.config.Input;
import java.util.Optional;

/**
 * The attention of a block.
 *
 * @param layer the block
 * @param queryKeyValue q, k and v
 * @param queryNorm of every head of the queries, or of all together
 * @param keyNorm of the keys likewise
 * @param output o
 */
record AttentionPart(
        int layer, Projection queryKeyValue, Optional<Norm> queryNorm, Optional<Norm> keyNorm, Projection output)
        implements HalfBlock.Part {
    @Override
    public void compute(Step step, Rows x) {
        Attention attention = step.attention;
        step.observe(layer, Input.ATTENTION, x, step.rows, x.stride());
        queryKeyValue.apply(step, x, attention.queryKeyValue());
        Rows query = attention.queryKeyValue()[0];
        Rows key = attention.queryKeyValue()[1];
        if (queryNorm.isPresent()) { // no lambda: a token allocates nothing
            step.norm(queryNorm.get(), query, query);
        }
        if (keyNorm.isPresent()) {
            step.norm(keyNorm.get(), key, key);
        }
        attention.store(step.batch, layer);
        attention.attend(step.batch, layer);
        Rows attended = attention.attended();
        step.observe(layer, Input.ATTENTION_OUTPUT, attended, step.rows, attended.stride());
        output.apply(step, attended, step.activations.halfAlone());
    }
}
