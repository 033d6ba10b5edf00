/**
 * Tensor networks: weight matrices written as sites that share bonds, the plan in which an activation is contracted with them, and the
 * execution of that plan. The dense matrix is never rebuilt.
 *
 * <p>Letters: an operator is {@code W [out, in]}, {@code y = W x}. Its physical legs are digits {@code out = o1·o2·…} and
 * {@code in = i1·i2·…}, row-major; every other index is a bond. A low-rank operator, for example:
 *
 * <pre>
 *    o ── [o r] ── r ── [r i] ── i
 * </pre>
 */
package io.karipap.network;
