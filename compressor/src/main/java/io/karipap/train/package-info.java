/**
 * Trains models, dense ones and those of site tensors: from random weights, or to heal what a truncation lost, by LibTorch's automatic
 * differentiation over the same networks that the runtime contracts.
 *
 * <p>Letters: {@code B} sequences of {@code T} tokens in a batch, {@code N = B·T}, {@code D} hidden size, {@code V} vocabulary, {@code Q}
 * heads, {@code G} KV heads, {@code H} head dim, {@code P} trained weights. Weights, moments and updates are f32; the forward and the
 * backward pass may be bf16.
 */
package io.karipap.train;
