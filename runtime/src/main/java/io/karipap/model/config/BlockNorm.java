package io.karipap.model.config;

/** Places of a block where a model may have a norm; which ones it has, says {@link ModelConfig#norms}. */
public enum BlockNorm {
    /** Of what flows into q, k and v, [D]. */
    BEFORE_ATTENTION,
    /** Of queries, before they are turned by their positions. */
    QUERY,
    /** Of keys, before they are turned by their positions. */
    KEY,
    /** Of what attention adds to the residual stream, [D]. */
    AFTER_ATTENTION,
    /** Of what flows into gate and up, [D]. */
    BEFORE_MLP,
    /** Of what the MLP adds to the residual stream, [D]. */
    AFTER_MLP
}
