/** The command line: thin commands over the modules, one class each. {@link io.karipap.cli.Karipap} assembles them. */
package io.karipap.cli;
