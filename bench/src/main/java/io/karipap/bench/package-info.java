/** Measurements of kernels and whole models. */
package io.karipap.bench;
