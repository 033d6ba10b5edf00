/**
 * Dense linear algebra in double precision for the compressor. The door is {@link io.karipap.linalg.LinearAlgebra}, a small interface; behind
 * it stand LibTorch, which {@link io.karipap.linalg.LibTorch} loads when it is needed, and EJML, in plain Java, where it is asked for.
 */
package io.karipap.linalg;
