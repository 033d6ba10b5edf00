/**
 * Ways to write operators as tensor networks. The door is {@link io.karipap.ansatz.Ansatz}: each is one class that names itself, offers
 * {@linkplain io.karipap.ansatz.Form forms} of a cell at its bond dimensions with predicted losses, and builds what is chosen. Behind it are
 * the networks themselves ({@link io.karipap.ansatz.TiedCell}, {@link io.karipap.ansatz.LayerLattice},
 * {@link io.karipap.ansatz.BlockLattice}, {@link io.karipap.ansatz.MatrixProduct}, {@link io.karipap.ansatz.PepsOperator}) and how their
 * sites are found in the metric of the operator's inputs.
 *
 * <p>What the numbers of a site are stored as is not decided here, and what is chosen neither. A bond that has no matrix to itself, such as
 * the neurons of an MLP, comes in as another {@link io.karipap.ansatz.Ansatz.Scope}, whose cells are gate, up and down together.
 *
 * <p>Letters: an operator is {@code W [m, n]}, {@code C [n, n] = L Lᵀ} the second moment of its input, {@code r, s, D} bond dimensions. An
 * error is relative: {@code tr((W − Ŵ) C (W − Ŵ)ᵀ) / tr(W C Wᵀ)}.
 */
package io.karipap.ansatz;
