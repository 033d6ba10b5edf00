/**
 * Chat templates: a model's own Jinja template turns messages into a prompt. Rendering is Jinjava's, sandboxed; it is an optional
 * dependency ({@code com.hubspot.jinjava:jinjava}) that only this package needs.
 *
 * @since 0.1
 */
package io.karipap.tokenizer.chat;
