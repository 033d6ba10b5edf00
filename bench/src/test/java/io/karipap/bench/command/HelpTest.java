package io.karipap.bench.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HelpTest {
    @TempDir
    private Path directory;

    @Test
    void everyCommandExplainsItselfWithoutAWarning() throws IOException, InterruptedException {
        Path out = directory.resolve("out");
        Path err = directory.resolve("err");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        EveryHelp.class.getName())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        assertThat(process.waitFor()).as(Files.readString(err)).isZero();
        assertThat(Files.readString(err, StandardCharsets.UTF_8)).isEmpty();
        List<String> commands = Files.readAllLines(out);
        assertThat(commands)
                .contains(": alike", "eval: alike", "compress: alike", "bench: alike", "bench synth: alike")
                .allMatch(line -> line.endsWith(": alike"))
                .hasSizeGreaterThan(20);
    }
}
