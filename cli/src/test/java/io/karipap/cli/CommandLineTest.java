package io.karipap.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.karipap.testing.TestData;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@ResourceLock(Resources.SYSTEM_OUT)
class CommandLineTest {
    private static final String TALES = TestData.TALES.toString();

    @TempDir
    private Path directory;

    private record Result(int code, String out, String err) {}

    private static Result run(String... args) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
        ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
        try {
            System.setOut(new PrintStream(outBytes, true, StandardCharsets.UTF_8));
            System.setErr(new PrintStream(errBytes, true, StandardCharsets.UTF_8));
            int code = Karipap.execute(args);
            return new Result(
                    code, outBytes.toString(StandardCharsets.UTF_8), errBytes.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }

    @Test
    void generatePrintsTheContinuation() {
        Result result = run(
                "generate",
                "--model",
                TALES,
                "--prompt",
                "Once upon a time",
                "--max-tokens",
                "12",
                "--temperature",
                "0");
        assertThat(result.code()).isZero();
        assertThat(result.out())
                .isEqualTo(", there was a little girl named Lily. She loved to" + System.lineSeparator());
    }

    @Test
    void generateKeepsToAForm() throws Exception {
        Path schema = Files.writeString(
                directory.resolve("schema.json"), "{\"type\":\"array\",\"items\":{\"enum\":[1,2]},\"maxItems\":3}");
        Path grammar = Files.writeString(directory.resolve("form.gbnf"), "root ::= \"yes\" | \"no\"");
        Map<String, String> forms = Map.of(
                "--schema " + schema,
                "\\[([12](, ?[12]){0,2})?]",
                "--grammar " + grammar,
                "yes|no",
                "--regex [a-c]{4}",
                "[a-c]{4}");
        forms.forEach((options, pattern) -> {
            String[] option = options.split(" ");
            Result result = run("generate", "--model", TALES, "--prompt", "Once", "--seed", "1", option[0], option[1]);
            assertThat(result.code()).as(result.err()).isZero();
            assertThat(result.out().strip()).matches(pattern);
        });
    }

    @Test
    void evalPrintsJson() throws Exception {
        Path text =
                Files.writeString(directory.resolve("t.txt"), "Once upon a time, there was a little girl.\r\nThe end.");
        Result result = run("eval", "--model", TALES, "--text", text.toString());
        assertThat(result.code()).as(result.err()).isZero();
        JsonNode json = JsonMapper.builder().build().readTree(result.out());
        JsonNode task = json.path("models").path(0).path("tasks").path(0);
        assertThat(task.path("tokens").asInt()).isBetween(10, 20);
        assertThat(task.path("perplexity").asDouble())
                .isEqualTo(Math.exp(task.path("mean").asDouble()));
        assertThat(task.path("bits_per_byte").asDouble()).isBetween(0.2, 3.0);
    }

    @Test
    void evalComparesTwoModels() throws Exception {
        Path text = Files.writeString(
                directory.resolve("t.txt"),
                "<|endoftext|>Once upon a time, there was a little girl.<|endoftext|>The dog ran to the park and played.");
        Path words = Files.writeString(
                directory.resolve("words.jsonl"),
                "{\"text\":\"Once upon a time\"}\n{\"text\":\"There was a little frobnicator\"}\n");
        Result result = run(
                "eval",
                "--compare",
                TALES,
                "--text",
                text.toString(),
                "--stride",
                "8",
                "--last-words",
                words.toString());
        assertThat(result.code()).as(result.err()).isZero();
        JsonNode json = JsonMapper.builder().build().readTree(result.out());
        assertThat(json.path("models").size()).isEqualTo(2);
        JsonNode tasks = json.path("models").path(1).path("tasks");
        assertThat(tasks.path(0).path("items").asInt()).isEqualTo(2);
        assertThat(tasks.path(2).path("task").asString()).isEqualTo("last word right");
        assertThat(tasks.path(2).path("mean").asDouble()).isEqualTo(0.5);
        assertThat(json.path("comparison").size()).isEqualTo(3);
        Result table = run("eval", "--model", TALES, "--text", text.toString(), "--table");
        assertThat(table.out()).contains("| t.txt | 1 | nats/token |");
    }

    @Test
    void wrongConfigurationFailsWithASentence() {
        assertThat(run("serve", "--config", "nowhere.properties").err()).contains("nowhere.properties: no such file");
        assertThat(run("serve", "--tls-key", "x.pem").err()).contains("--tls-certificate and --tls-key");
        assertThat(run("serve", "--max-running", "0").err()).contains("all must be positive");
        assertThat(run("serve", "--kv-block", "17").err()).contains("multiple of 16");
    }

    @Test
    void inspectCountsWhatIsStored() {
        Result result = run("inspect", "--json", TALES);
        JsonNode json = JsonMapper.builder().build().readTree(result.out());
        assertThat(json.path("parameters").asLong()).isEqualTo(7_344_384);
        assertThat(json.path("bytes").asLong()).isEqualTo(2 * 7_344_384);
        assertThat(json.path("operators").size()).isEqualTo(57);
        assertThat(run("inspect", "--plan", TALES).out()).contains("multiply-adds");
    }

    @Test
    void tokenizeAndDetokenizeAreInverse() throws Exception {
        Path lines =
                Files.writeString(directory.resolve("t.jsonl"), "\"Hello, Zażółć 日本 🙂\"\n\"a <|endoftext|> b\\n\"\n");
        Result ids = run("tokenize", "--tokenizer", TALES, "--jsonl", lines.toString());
        assertThat(ids.code()).isZero();
        Path idLines = Files.writeString(directory.resolve("ids.jsonl"), ids.out());
        Result text = run("detokenize", "--tokenizer", TALES, "--jsonl", idLines.toString());
        assertThat(text.out().lines()).containsExactlyElementsOf(Files.readAllLines(lines));
    }

    @Test
    void theVersionIsOneLine() {
        assertThat(run("--version").out()).matches("karipap \\S+\\R");
    }

    @Test
    void userErrorsAreOneLine() {
        for (Result result : new Result[] {
            run("generate", "--model", "no/such/model", "--prompt", "x"),
            run("generate", "--prompt", "x", "--temperature", "-1"),
            run("generate", "--prompt", "x", "--temperature", "hot"),
            run("generate"),
            run("generate", "--prompt", "x", "--regex", "(?=a)b"),
            run("generate", "--prompt", "x", "--regex", "a", "--schema", "no/such/file"),
            run("eval", "--text", "no/such/file"),
            run("compress", TALES, directory.resolve("x").toString(), "--params", "7"),
            run("compress", TALES, directory.resolve("x").toString()),
            run("inspect", "no/such/model"),
            run("tokenize", "--tokenizer", "no/such/file", "--text", "x"),
            run("nonsense"),
            run("help", "generate", "nonsense"),
        }) {
            assertThat(result.code()).isNotZero();
            String said = result.err()
                    .lines()
                    .filter(line -> !line.endsWith("…")) // progress, where the machine is slow
                    .collect(Collectors.joining("\n"));
            assertThat(said.lines()).as(result.err()).hasSize(1);
            assertThat(said).startsWith("karipap: ").doesNotContain("Exception");
        }
    }
}
