/**
 * The header of a GGUF file (github.com/ggml-org/ggml, docs/gguf.md): typed metadata and where the tensors lie. One reader for vocabularies
 * and for models; every length is checked against the file before anything is allocated.
 */
package io.karipap.tokenizer.gguf;
