/** Conversations with a model: messages, tools that it may call, and records as the form of its answers. */
package io.karipap.chat;
