/**
 * ggml's block types (github.com/ggml-org/ggml, ggml-common.h and ggml-quants.c describe them): each is decoded to signed codes of at most
 * 8 bits with a scale and an offset a group of 16 or 32 columns, {@code weight = code·scale + offset}. Code times scale has at most 24
 * significant bits, so that a weight is exactly what ggml's own dequantisation gives, whether or not the two operations are fused.
 */
package io.karipap.format.block;
