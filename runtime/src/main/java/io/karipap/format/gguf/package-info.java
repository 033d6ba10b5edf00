/**
 * What GGUF calls the tensors and hyperparameters of each model family, and what Hugging Face calls them: with these tables a GGUF file is
 * a {@code config.json} with tensors of Hugging Face's names. The facts are those of llama.cpp's conversion scripts.
 */
package io.karipap.format.gguf;
