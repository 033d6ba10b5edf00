/**
 * Makes a model small: measures what flows into every operator, writes each as a tensor network whose bonds are chosen to meet a
 * budget, and measures what was lost.
 *
 * <p>Letters: an operator is {@code W [m, n]}, {@code C [n, n]} the second moment of its input, {@code r} a bond dimension. The error that
 * counts is that of the output on real inputs, {@code ‖(W − Ŵ) C^½‖²} (SVD-LLM, arXiv 2403.07378).
 */
package io.karipap.compress;
