/** The commands that make models: they need the compressor, and some of them LibTorch. */
package io.karipap.cli.compress;
