/**
 * What a generated text must look like: a {@link io.karipap.grammar.Grammar} over bytes and tokens, made by hand, of a JSON Schema, a regular
 * expression or GBNF, and the tokens of a vocabulary that continue a text without leaving it.
 *
 * <p>Grammars are put together: {@code sequence(text("<call>"), json(schema), text("</call>"))}, {@code choice}, {@code optional},
 * {@code repeat}, a {@link io.karipap.grammar.Grammar.Rule} for what contains itself, {@code token(id)} for a special token, and
 * {@code freeText("<call>")} for whatever a model likes to say until it begins a call, which {@code optional(sequence(text("<call>"), …))}
 * then binds.
 *
 * <p>A grammar is compiled to a pushdown automaton whose terminals are deterministic automata over bytes; repetitions of characters have
 * counters beside their states. A {@link io.karipap.grammar.GrammarCursor} follows one text with a stack that is a graph, so that ambiguity
 * costs no more than in Earley's algorithm. Which tokens of a {@link io.karipap.grammar.VocabularyTrie} stay within a terminal is known of the
 * terminal's state whatever the grammar, and shared by all requests; only tokens that go beyond its end are looked for anew.
 *
 * @since 0.1
 */
package io.karipap.grammar;
