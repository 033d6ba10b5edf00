package io.karipap.cli;

import io.karipap.cli.option.JsonFile;
import io.karipap.cli.option.ModelLocation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.ServiceLoader;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The command {@code karipap}. */
@Command(
        name = "karipap",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Serves language models compressed into tensor networks, in plain Java.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "To begin:",
            "  ./karipap quickstart                      compress the bundled model and serve it",
            "  ./karipap generate --prompt \"Once upon\"   let the bundled model write",
            "  ./karipap chat --model MODEL              talk with a model that was made for it",
            "  ./karipap help COMMAND                    what a command can do"
        })
public final class Karipap {
    /** What needs neither the compressor nor the benchmarks; the others are found by {@link CommandProvider}. */
    private static final List<Class<?>> COMMANDS = List.of(
            ServeCommand.class,
            GenerateCommand.class,
            ChatCommand.class,
            EvalCommand.class,
            InspectCommand.class,
            TemplateCommand.class,
            TokenizeCommand.class,
            DetokenizeCommand.class,
            PullCommand.class,
            ListCommand.class,
            RemoveCommand.class);

    @Option(names = "--verbose", scope = ScopeType.INHERIT, description = "Show the stack trace of an error.")
    private boolean verbose;

    private Karipap() {}

    public static void main(String[] args) {
        System.exit(execute(args));
    }

    /** Runs a command line and returns its exit code: 0 success, 1 failure, 2 wrong usage. */
    public static int execute(String... args) {
        Karipap root = new Karipap();
        CommandLine commandLine = new CommandLine(root);
        String asked = Arrays.stream(args)
                .filter(arg -> !arg.startsWith("-"))
                .findFirst()
                .orElse("");
        commands(asked).forEach(commandLine::addSubcommand);
        commandLine.registerConverter(ModelLocation.class, ModelLocation::new);
        commandLine.registerConverter(JsonFile.class, JsonFile::new);
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        commandLine.setParameterExceptionHandler((e, arguments) -> {
            e.getCommandLine()
                    .getErr()
                    .println("karipap: " + firstLine(e.getMessage()) + " (try '"
                            + e.getCommandLine().getCommandSpec().qualifiedName() + " --help')");
            return CommandLine.ExitCode.USAGE;
        });
        commandLine.setExecutionExceptionHandler((e, command, result) -> {
            if (root.verbose) {
                e.printStackTrace(command.getErr());
            } else {
                command.getErr().println("karipap: " + describe(e));
            }
            return CommandLine.ExitCode.SOFTWARE;
        });
        if (asked.equals("serve")) {
            CommandLine serve = commandLine.getSubcommands().get("serve");
            try {
                serve.setDefaultValueProvider(ServeDefaults.of(serve.getCommandSpec(), List.of(args), System.getenv()));
            } catch (IOException | IllegalArgumentException e) {
                commandLine.getErr().println("karipap: " + describe(e));
                return CommandLine.ExitCode.USAGE;
            }
        }
        if (args.length == 0) {
            commandLine.usage(commandLine.getOut());
            return CommandLine.ExitCode.USAGE;
        }
        return commandLine.execute(args);
    }

    /** The command that is asked for, because to describe all of them takes half a second; all where help is needed. */
    private static List<Class<?>> commands(String asked) {
        Optional<Class<?>> core = named(COMMANDS, asked);
        if (core.isPresent()) {
            return List.of(core.get());
        }
        List<Class<?>> all = new ArrayList<>(COMMANDS);
        for (CommandProvider provider : ServiceLoader.load(CommandProvider.class)) {
            all.addAll(provider.commands());
        }
        return named(all, asked).<List<Class<?>>>map(List::of).orElseGet(() -> {
            all.add(HelpCommand.class);
            return all;
        });
    }

    private static Optional<Class<?>> named(List<Class<?>> commands, String name) {
        return commands.stream()
                .filter(type -> type.getAnnotation(Command.class).name().equals(name))
                .findFirst();
    }

    private static String describe(Exception e) {
        String message = e.getMessage() == null ? "" : firstLine(e.getMessage());
        return switch (e) {
            case java.nio.file.NoSuchFileException missing -> missing.getFile() + ": no such file or directory";
            case java.nio.file.FileAlreadyExistsException exists ->
                exists.getFile() + (exists.getReason() == null ? ": exists already" : " " + exists.getReason());
            case java.nio.file.AccessDeniedException denied -> denied.getFile() + ": permission denied";
            case java.nio.charset.MalformedInputException malformed -> "the text is not valid UTF-8";
            case IllegalStateException full
            when full.getCause() instanceof OutOfMemoryError ->
                String.format(
                        Locale.ROOT,
                        "the Java heap of %,d MB is full: a shorter text needs less, KARIPAP_JAVA_OPTS=-Xmx8g (or so) allows more",
                        Runtime.getRuntime().maxMemory() / 1_000_000);
            case NullPointerException bug -> "unexpected " + bug + " (--verbose shows where)";
            default -> message.isEmpty() ? e + " (--verbose shows where)" : message;
        };
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("");
    }
}
