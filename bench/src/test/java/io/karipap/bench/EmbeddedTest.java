package io.karipap.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program of somebody else's, with runtime, tokenizer and Jackson on its class path and nothing more. */
class EmbeddedTest {
    private static final String PROGRAM = """
            import io.karipap.generate.GenerationOptions;
            import io.karipap.generate.LanguageModel;
            import io.karipap.generate.LoadOptions;

            public class Program {
                public static void main(String[] args) throws Exception {
                    try (LanguageModel model = LanguageModel.bundled(LoadOptions.DEFAULT)) {
                        for (String piece : model.generate("Once upon a time", GenerationOptions.greedy(20))) {
                            System.out.print(piece);
                        }
                    }
                }
            }
            """;

    @TempDir
    private Path temporary;

    private record Result(int status, String out, String err) {}

    @Test
    void generatesInASmallHeap() throws Exception {
        Result result = run("-Xmx128m", "--add-modules", "jdk.incubator.vector");
        assertThat(result.status()).as(result.err()).isZero();
        assertThat(result.out()).hasSizeGreaterThan(20);
    }

    @Test
    void saysWhatToAddWithoutTheVectorModule() throws Exception {
        Result result = run("-Xmx128m");
        assertThat(result.status()).isNotZero();
        assertThat(result.err()).contains("start java with --add-modules jdk.incubator.vector");
    }

    private Result run(String... options) throws IOException, InterruptedException {
        Path program = Files.writeString(temporary.resolve("Program.java"), PROGRAM);
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", classPath(), program.toString()));
        File out = temporary.resolve("out").toFile();
        File err = temporary.resolve("err").toFile();
        Process process = new ProcessBuilder(command)
                .redirectOutput(out)
                .redirectError(err)
                .start();
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        return new Result(
                process.exitValue(),
                Files.readString(out.toPath(), StandardCharsets.UTF_8),
                Files.readString(err.toPath(), StandardCharsets.UTF_8));
    }

    private static String classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> entry.matches(".*[/\\\\](runtime|tokenizer|jackson-[a-z]+)[/\\\\].*"))
                .filter(entry -> !entry.contains("jackson-dataformat") && !entry.contains("jackson-module"))
                .collect(Collectors.joining(File.pathSeparator));
    }
}
