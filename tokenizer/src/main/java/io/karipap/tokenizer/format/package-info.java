/** How files spell tokens and what they say about them. */
package io.karipap.tokenizer.format;
