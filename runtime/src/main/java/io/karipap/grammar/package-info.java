/**
 * What a generated text must look like: a {@link io.karipap.grammar.Grammar} over bytes, made by hand or from a JSON Schema, and the
 * tokens of a vocabulary that continue a text without leaving it.
 *
 * @since 0.1
 */
package io.karipap.grammar;
