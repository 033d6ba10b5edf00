/**
 * Text generation: the embedding API ({@link io.karipap.generate.LanguageModel}), the {@link io.karipap.generate.Engine} that batches
 * all running requests at every step, and sampling.
 */
package io.karipap.generate;
