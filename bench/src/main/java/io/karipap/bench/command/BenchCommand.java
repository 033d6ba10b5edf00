package io.karipap.bench.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Measurements. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = "Measures kernels and models; every figure in the documents comes from here.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            BenchKernelsCommand.class,
            BenchNetworksCommand.class,
            BenchModelCommand.class,
            BenchSynthCommand.class,
            BenchServeCommand.class,
            BenchPeersCommand.class,
            BenchTokenizerCommand.class,
            BenchAnsatzCommand.class,
            BenchGrammarCommand.class,
            BenchHealCommand.class,
            BenchTrgCommand.class,
            BenchTextCommand.class,
            HelpCommand.class
        })
final class BenchCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
