/**
 * Numbers only: the few operations that everything else is made of, each as a readable scalar reference and with SIMD.
 *
 * <p>Letters used for shapes here: {@code M} rows of activations (tokens), {@code N} output features, {@code K} input features
 * (the contracted dimension), {@code P} = {@link io.karipap.kernels.PackedMatrix#PANEL} rows of a weight panel, {@code H} head dim,
 * {@code T} positions in the KV cache.
 *
 * <p><b>One summation order.</b> Output features lie across SIMD lanes and {@code k} is summed in sequence with fused
 * multiply-adds, in blocks of {@link io.karipap.kernels.PackedMatrix#K_BLOCK} whose sums are added up in sequence. No result
 * depends on the number of rows, of threads or of lanes: scalar and vector kernels agree to the bit, and so do prefill and decode.
 */
package io.karipap.kernels;
