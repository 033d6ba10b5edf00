package io.karipap.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every example runs and does what it says. */
class ExamplesTest {
    @TempDir
    private Path temporary;

    private JavaProgram start(Class<?> example, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                "--add-modules",
                "jdk.incubator.vector",
                "-cp",
                System.getProperty("java.class.path"),
                example.getName()));
        command.addAll(List.of(arguments));
        return new JavaProgram(temporary, command);
    }

    private String run(Class<?> example) throws IOException, InterruptedException {
        try (JavaProgram program = start(example)) {
            return program.output();
        }
    }

    @Test
    void embed() throws Exception {
        assertThat(run(Embed.class)).hasSizeGreaterThan(100);
    }

    @Test
    void readmeShowsTheSameProgram() throws IOException {
        String readme = Files.readString(Path.of("../README.md"));
        String shown = readme.substring(readme.indexOf("```java\n") + 8);
        shown = shown.substring(0, shown.indexOf("```"));
        String program = Files.readString(Path.of("src/main/java/io/karipap/examples/Embed.java"));
        assertThat(program.replaceAll("\\s+", " ")).contains(shown.strip().replaceAll("\\s+", " "));
    }

    @Test
    void stream() throws Exception {
        assertThat(run(Stream.class)).containsPattern("\\d+ tokens after a prompt of \\d+, ended by (STOP|LENGTH)\n$");
    }

    @Test
    void batch() throws Exception {
        List<String> lines = run(Batch.class).lines().toList();
        assertThat(lines).hasSize(3);
        assertThat(lines.get(0)).startsWith("The sun").hasSizeGreaterThan(30);
        assertThat(lines.get(1)).startsWith("The moon").hasSizeGreaterThan(30);
        assertThat(lines.get(2)).startsWith("A star").hasSizeGreaterThan(30);
    }

    @Test
    void jsonBySchema() throws Exception {
        assertThat(run(JsonBySchema.class))
                .matches("\\{\"animal\": ?\"(cat|dog|fox)\", ?\"name\": ?\".{1,40}\", ?\"age\": ?\\d{1,2}}\n");
    }

    @Test
    void toolCalls() throws Exception {
        assertThat(run(ToolCalls.class))
                .matches("weather Place\\[unit=(CELSIUS|FAHRENHEIT), hour=-?\\d+]\\R"
                        + "Weather\\[sunny=(true|false), degrees=-?\\d+]\\R");
    }

    @Test
    void serve() throws Exception {
        try (JavaProgram program = start(Serve.class, "0");
                HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(program.line() + "/completions"))
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(
                            "{\"model\": \"tales-small\", \"prompt\": \"Once\", \"max_tokens\": 5}"))
                    .build();
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.body()).contains("\"completion_tokens\":5");
        }
    }
}
