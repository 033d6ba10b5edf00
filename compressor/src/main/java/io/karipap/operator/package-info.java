/**
 * The operators of a dense model, read from disk one by one, and what is said of a single one: how its errors are weighed
 * ({@link io.karipap.operator.Metric}), its best low rank in that metric, from which all else starts
 * ({@link io.karipap.operator.LowRank}), and a network with values that stands for it ({@link io.karipap.operator.OperatorNetwork}).
 *
 * <p>Behind this door alone it is known what a model's tensors are called and which of them read the same activation: everything above sees
 * {@linkplain io.karipap.operator.Cell cells} of operators.
 *
 * <p>Letters: an operator is {@code W [m, n]}, {@code C [n, n] = L Lᵀ} the second moment of its input, {@code r} a bond dimension. An error
 * is relative: {@code tr((W − Ŵ) C (W − Ŵ)ᵀ) / tr(W C Wᵀ)}.
 */
package io.karipap.operator;
