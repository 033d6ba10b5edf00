/** Tensors with named indices in double precision and their contraction: what the compressor optimises and renormalises. */
package io.karipap.tensor;
