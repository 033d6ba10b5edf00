package io.karipap.cli;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Help about a command, or about a command of a command: {@code help bench synth}. */
@Command(name = "help", helpCommand = true, description = "Displays help about a command.")
final class HelpCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Parameters(arity = "0..*", paramLabel = "COMMAND", description = "The command, and a command of it.")
    private List<String> names = List.of();

    @Override
    public void run() {
        CommandLine command = spec.parent().commandLine();
        for (String name : names) {
            CommandLine next = command.getSubcommands().get(name);
            if (next == null) {
                throw new ParameterException(
                        command,
                        "\"" + command.getCommandSpec().qualifiedName() + "\" has no command \"" + name + "\"");
            }
            command = next;
        }
        command.usage(command.getOut());
    }
}
