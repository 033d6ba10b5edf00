package io.karipap.bench.command;

import io.karipap.cli.Karipap;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Asks every command for its help, in both ways, and prints which: a program of its own, because picocli warns at the standard error that
 * it saw first.
 */
final class EveryHelp {
    private static final Pattern COMMAND = Pattern.compile("(?m)^  ([a-z]+) ");

    private EveryHelp() {}

    public static void main(String[] args) {
        visit(List.of());
    }

    private static void visit(List<String> path) {
        List<String> help = new ArrayList<>(path);
        help.addFirst("help");
        List<String> option = new ArrayList<>(path);
        option.addLast("--help");
        String text = run(option);
        System.out.println(String.join(" ", path) + ": " + (text.equals(run(help)) ? "alike" : "different"));
        int list = text.indexOf("\nCommands:\n");
        if (list >= 0) {
            String commands = text.substring(list + 1).split("\n\n")[0];
            for (String name : COMMAND.matcher(commands)
                    .results()
                    .map(MatchResult::group)
                    .map(String::strip)
                    .toList()) {
                if (!name.equals("help")) {
                    List<String> next = new ArrayList<>(path);
                    next.add(name);
                    visit(next);
                }
            }
        }
    }

    private static String run(List<String> arguments) {
        PrintStream out = System.out;
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        System.setOut(new PrintStream(text, true, StandardCharsets.UTF_8));
        try {
            int code = Karipap.execute(arguments.toArray(String[]::new));
            if (code != 0) {
                System.err.println(arguments + " ended with " + code);
            }
        } finally {
            System.setOut(out);
        }
        return text.toString(StandardCharsets.UTF_8);
    }
}
