package io.karipap.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program in a JVM of its own, as whoever uses the library starts it. */
final class JavaProgram implements AutoCloseable {
    private final Process process;
    private final Path errors;
    private final BufferedReader out;

    /** @param arguments of {@code java} */
    JavaProgram(Path folder, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Dstdout.encoding=UTF-8");
        command.addAll(arguments);
        errors = folder.resolve("errors");
        process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
        out = process.inputReader(StandardCharsets.UTF_8);
    }

    /** The next line that it prints. */
    String line() throws IOException {
        String line = out.readLine();
        assertThat(line).as(Files.readString(errors)).isNotNull();
        return line;
    }

    /** All that it prints, until it has ended without an error. */
    String output() throws IOException, InterruptedException {
        String text = out.readAllAsString();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(errors)).isZero();
        return text;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
