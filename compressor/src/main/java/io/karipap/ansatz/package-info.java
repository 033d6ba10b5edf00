/**
 * Ways to write an operator as a tensor network, each a builder of {@link io.karipap.network.TensorNetwork} with its site tensors, and
 * the optimisation of sites in the metric of the operator's inputs.
 *
 * <p>Letters: an operator is {@code W [m, n]}, {@code C [n, n] = L Lᵀ} the second moment of its input, {@code r, s, D} bond dimensions. An
 * error is relative: {@code tr((W − Ŵ) C (W − Ŵ)ᵀ) / tr(W C Wᵀ)}.
 */
package io.karipap.ansatz;
