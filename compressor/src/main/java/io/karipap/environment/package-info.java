/**
 * What surrounds the operators of a model: the second moments {@code C} of what flows into each on a calibration text
 * ({@link io.karipap.environment.CalibratedModel}), how much the error of each costs in nats per token
 * ({@link io.karipap.environment.Sensitivities}), and what is computed from both once and kept
 * ({@link io.karipap.environment.Factors}, {@link io.karipap.environment.WorkFiles}). The error that counts is that of the output on real
 * inputs, {@code ‖(W − Ŵ) C^½‖²} (SVD-LLM, arXiv 2403.07378).
 *
 * <p>Behind this door it is measured, by running the model; everything above reads what was measured. The outer side of the environment, the
 * second moment {@code G} of gradients at the output, belongs here as well, and an operator's {@link io.karipap.operator.Metric} is where
 * it will be seen.
 */
package io.karipap.environment;
