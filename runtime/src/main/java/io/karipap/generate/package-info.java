/**
 * Text generation: the embedding API ({@link io.karipap.generate.LanguageModel}), the {@link io.karipap.generate.Engine} that batches
 * all running requests at every step, and sampling. Options are immutable and come from builders; what may be absent is an
 * {@link java.util.Optional}, and nothing here takes or returns null.
 *
 * @since 0.1
 */
package io.karipap.generate;
