/** Every kernel as a readable scalar reference. */
package io.karipap.kernels.scalar;
