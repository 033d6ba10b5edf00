/**
 * The model's own tokenizer, exactly.
 *
 * <p>{@link io.karipap.tokenizer.Tokenizer} is the only entry point. A text flows through
 * {@code AddedTokens → Normalizer → PreTokenizer → TokenModel → template}, token ids flow back through
 * {@link io.karipap.tokenizer.StreamingDecoder}. Everything is immutable after loading and safe for any number of threads;
 * the only shared mutable state is a bounded cache of pieces whose entries are immutable and published racily.
 *
 * <p>Offsets are counted in UTF-16 code units ("characters") and in UTF-8 bytes of the text that was given.
 *
 * @since 0.1
 */
package io.karipap.tokenizer;
