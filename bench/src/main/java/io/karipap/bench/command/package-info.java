/** The commands of {@code karipap bench}: every figure in the documents comes from here. */
package io.karipap.bench.command;
