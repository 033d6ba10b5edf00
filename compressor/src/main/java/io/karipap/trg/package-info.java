/**
 * The tensor renormalization group on square lattices of four-leg sites {@code T[u, l, d, r]} (up, left, down, right): uniform infinite
 * lattices, by which it is checked against exactly solved models, and finite ones whose sites differ, by which the compressor finds the
 * environment of a bond.
 *
 * <p>Letters: χ the largest bond dimension kept. Sources: Levin and Nave, PRL 99, 120601 (2007); Xie et al., PRB 86, 045139 (2012).
 */
package io.karipap.trg;
