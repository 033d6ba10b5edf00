/**
 * Dense linear algebra in double precision for the compressor: a small interface with LibTorch behind it, and EJML, in plain Java,
 * where it is asked for.
 */
package io.karipap.linalg;
