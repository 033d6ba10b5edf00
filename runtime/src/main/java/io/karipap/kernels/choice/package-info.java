/** Which kernels compute: chosen once, and the vector kernels only when the JIT compiler has made them fast. */
package io.karipap.kernels.choice;
