/**
 * How models write their answers: calls of tools in the form that their template taught them, and thoughts before the answer.
 * {@link io.karipap.chat.format.AnswerForm} recognises both by template and vocabulary, makes the prompt and the grammar, and
 * {@link io.karipap.chat.format.AnswerReader} takes an answer apart while it is written.
 */
package io.karipap.chat.format;
