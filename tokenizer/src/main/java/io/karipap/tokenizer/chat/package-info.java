/**
 * Chat templates: a model's own Jinja template turns messages into a prompt, by the interpreter in {@code io.karipap.tokenizer.jinja}.
 */
package io.karipap.tokenizer.chat;
