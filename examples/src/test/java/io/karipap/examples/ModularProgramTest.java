package io.karipap.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs that are modules find the library on the module path, and only what it exports. */
class ModularProgramTest {
    private static final String EMBEDDING = """
            package program;

            import io.karipap.generate.GenerationOptions;
            import io.karipap.generate.LanguageModel;
            import io.karipap.generate.LoadOptions;

            public class Program {
                public static void main(String[] args) throws Exception {
                    try (LanguageModel model = LanguageModel.bundled(LoadOptions.DEFAULT)) {
                        model.generate("Once upon a time", GenerationOptions.greedy(20), System.out::print);
                    }
                    System.out.println(LanguageModel.class.getModule().getName());
                }
            }
            """;

    private static final String SERVING = """
            package program;

            import io.karipap.generate.LanguageModel;
            import io.karipap.generate.LoadOptions;
            import io.karipap.server.KaripapServer;
            import io.karipap.server.ServedModel;
            import io.karipap.server.ServerOptions;
            import io.karipap.tokenizer.chat.ChatTemplate;
            import java.net.URI;
            import java.net.http.*;
            import java.util.Map;

            public class Program {
                private static final String CHAT = "{% for m in messages %}{{ m.content }}{% endfor %}{{ strftime_now('%Y') }}";

                public static void main(String[] args) throws Exception {
                    LanguageModel model = LanguageModel.bundled(LoadOptions.DEFAULT);
                    ServedModel served = ServedModel.builder(model)
                            .chatTemplate(new ChatTemplate(CHAT, Map.of()))
                            .build();
                    try (KaripapServer server = KaripapServer.start(served, ServerOptions.of("127.0.0.1", 0));
                            HttpClient client = HttpClient.newHttpClient()) {
                        HttpRequest request = HttpRequest.newBuilder(
                                        URI.create("http://127.0.0.1:" + server.port() + "/v1/chat/completions"))
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(
                                        "{\\"model\\":\\"tales-small\\",\\"max_tokens\\":5,"
                                                + "\\"messages\\":[{\\"role\\":\\"user\\",\\"content\\":\\"Once\\"}]}"))
                                .build();
                        System.out.println(client.send(request, HttpResponse.BodyHandlers.ofString()).body());
                    }
                    System.out.println(KaripapServer.class.getModule().getName());
                }
            }
            """;

    @TempDir
    private Path temporary;

    @Test
    void embedsTheRuntime() throws Exception {
        String modulePath = path("runtime|tokenizer|jackson-[a-z]+");
        assertThat(compile("requires io.karipap.runtime;", EMBEDDING, modulePath))
                .isEmpty();
        assertThat(run(modulePath)).hasSizeGreaterThan(40).endsWith("io.karipap.runtime\n");
    }

    @Test
    void embedsTheServer() throws Exception {
        String modulePath = path(".*");
        String requires = "requires io.karipap.server; requires java.net.http;";
        assertThat(compile(requires, SERVING, modulePath)).isEmpty();
        assertThat(run(modulePath)).contains("\"completion_tokens\":5").endsWith("io.karipap.server\n");
    }

    @Test
    void doesNotReachWhatIsNotExported() throws Exception {
        String program = EMBEDDING.replace(
                "import io.karipap.generate.LoadOptions;",
                "import io.karipap.generate.LoadOptions;\nimport io.karipap.kernels.Kernels;");
        String errors = compile("requires io.karipap.runtime;", program, path("runtime|tokenizer|jackson-[a-z]+"));
        assertThat(errors).contains("package io.karipap.kernels is not visible");
    }

    /** Compiles a module and returns what the compiler says if it refuses. */
    private String compile(String requires, String program, String modulePath) throws IOException {
        Path sources = Files.createDirectories(temporary.resolve("src/program"));
        Path info = Files.writeString(
                temporary.resolve("src/module-info.java"), "module program {" + requires + " exports program; }");
        Path main = Files.writeString(sources.resolve("Program.java"), program);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter errors = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            List<String> options = List.of("-d", temporary.resolve("classes").toString(), "--module-path", modulePath);
            boolean compiled = compiler.getTask(
                            errors, files, null, options, null, files.getJavaFileObjects(info, main))
                    .call();
            return compiled ? "" : errors.toString();
        }
    }

    private String run(String modulePath) throws IOException, InterruptedException {
        List<String> arguments = List.of(
                "--add-modules",
                "jdk.incubator.vector",
                "--module-path",
                temporary.resolve("classes") + File.pathSeparator + modulePath,
                "--module",
                "program/program.Program");
        try (JavaProgram program = new JavaProgram(temporary, arguments)) {
            return program.output();
        }
    }

    /** What this test's class path has from the folders that match {@code folders}, but tests and their libraries. */
    private static String path(String folders) {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> entry.matches(".*[/\\\\](" + folders + ")[/\\\\].*"))
                .filter(entry ->
                        !entry.matches(".*[/\\\\](examples|junit|assertj|opentest4j|apiguardian|surefire)[/\\\\].*"))
                .collect(Collectors.joining(File.pathSeparator));
    }
}
