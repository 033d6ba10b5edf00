/**
 * The transformer: configuration, weights, KV cache and the forward pass.
 *
 * <p>Letters: {@code M} rows in a step (one per token), {@code D} hidden size, {@code F} intermediate size, {@code V} vocabulary size,
 * {@code Q} and {@code G} query and KV heads, {@code H} head dim, {@code T} positions.
 */
package io.karipap.model;
