package io.karipap.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.karipap.testing.TestData;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/**
 * Conversations at the command line: with a template that makes a story of them, and with a real model that was made for conversations,
 * whose answers are those of transformers 5 on the same file ({@code gguf_file=…, dtype=float32}), prompt and template.
 */
@ResourceLock(Resources.SYSTEM_OUT)
class ChatCommandTest {
    private static final String SMOLLM = "models/real/SmolLM2-135M-Instruct.Q4_1.gguf";
    private static final String SYSTEM = "You are a helpful assistant.";

    @TempDir
    private Path directory;

    private Path template;

    private record Result(int code, List<String> out, String err) {}

    private static Result run(String input, String... args) {
        InputStream in = System.in;
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
        ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
        try {
            System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
            System.setOut(new PrintStream(outBytes, true, StandardCharsets.UTF_8));
            System.setErr(new PrintStream(errBytes, true, StandardCharsets.UTF_8));
            int code = Karipap.execute(args);
            return new Result(
                    code,
                    outBytes.toString(StandardCharsets.UTF_8).lines().toList(),
                    errBytes.toString(StandardCharsets.UTF_8));
        } finally {
            System.setIn(in);
            System.setOut(out);
            System.setErr(err);
        }
    }

    @BeforeEach
    void writeTemplate() throws Exception {
        template = Files.writeString(
                directory.resolve("story.jinja"),
                "{% for m in messages %}{% if m.role == 'user' %}\"{{ m.content }}\" said the boy. The girl said, \""
                        + "{% else %}{{ m.content }}{% endif %}{% endfor %}");
    }

    private Result story(String input, String... more) {
        List<String> args = new ArrayList<>(List.of(
                "chat",
                "--chat-template",
                template.toString(),
                "--temperature",
                "0",
                "--stop",
                "\"",
                "--max-tokens",
                "20"));
        args.addAll(List.of(more));
        return run(input, args.toArray(String[]::new));
    }

    @Test
    void everyLineIsAnsweredWithWhatWasSaidBefore() {
        Result first = story("Where is my dog?\n");
        assertThat(first.code()).as(first.err()).isZero();
        assertThat(first.out()).hasSize(1).allSatisfy(line -> assertThat(line).isNotBlank());
        assertThat(first.err()).containsPattern("\\[\\d+ prompt tokens, \\d+ tokens, .* tokens/s]");

        Result twice = story("Where is my dog?\n\nWhere is my dog?\n/reset\nWhere is my dog?\n/exit\nmore\n");
        assertThat(twice.out()).hasSize(3);
        assertThat(twice.out().getFirst()).isEqualTo(first.out().getFirst());
        assertThat(twice.out().getLast()).isEqualTo(first.out().getFirst());
        List<Integer> prompts = twice.err()
                .lines()
                .filter(line -> line.startsWith("["))
                .map(line -> Integer.parseInt(line.substring(1, line.indexOf(' '))))
                .toList();
        assertThat(prompts.get(1)).isGreaterThan(2 * prompts.getFirst());
        assertThat(prompts.get(2)).isEqualTo(prompts.getFirst());
    }

    @Test
    void theSystemTextComesFirstAndStays() {
        String plain = story("Hello\n").err();
        Result told = story("Hello\n/reset\nHello\n", "--system", "Once upon a time there was a boy with a dog.");
        assertThat(told.err()).isNotEqualTo(plain);
        assertThat(told.out()).hasSize(2);
        assertThat(told.out().getFirst()).isEqualTo(told.out().getLast());
    }

    @Test
    void aConversationThatIsTooLongSaysSo() {
        Result result = story("dog ".repeat(600) + "\nWhere is my dog?\n");
        assertThat(result.code()).isZero();
        assertThat(result.err()).contains("/reset begins a new conversation");
        assertThat(result.out()).isEqualTo(story("Where is my dog?\n").out());
    }

    @Test
    void aModelWithoutATemplateIsRefusedInASentence() {
        for (String[] args : new String[][] {{"chat"}, {"generate", "--chat", "--prompt", "x"}}) {
            Result result = run("x\n", args);
            assertThat(result.code()).isEqualTo(1);
            assertThat(result.err().lines()).hasSize(1);
            assertThat(result.err()).contains("has no chat template");
        }
        assertThat(run("", "generate", "--prompt", "x", "--system", "y").err()).contains("--system belongs to --chat");
        assertThat(run("", "chat", "--temperature", "-1").err()).contains("temperature is -1.0");
    }

    @Test
    void theModelsValuesStandForOptionsThatAreNotGiven() throws Exception {
        Path model = Files.createDirectory(directory.resolve("model"));
        for (String name : List.of("config.json", "tokenizer.json", "model.safetensors")) {
            Files.createSymbolicLink(
                    model.resolve(name), TestData.TALES.toAbsolutePath().resolve(name));
        }
        Files.writeString(model.resolve("generation_config.json"), "{\"do_sample\": false, \"max_new_tokens\": 12}");
        String[] args = {"generate", "--model", model.toString(), "--prompt", "Once upon a time"};
        assertThat(run("", args).out()).containsExactly(", there was a little girl named Lily. She loved to");
        assertThat(run("", append(args, "--max-tokens", "3")).out()).containsExactly(", there was");
        assertThat(run("", append(args, "--generation-config", "none", "--temperature", "0", "--max-tokens", "20"))
                        .out()
                        .getFirst())
                .startsWith(", there was a little girl named Lily. She loved to ");
    }

    private static String[] append(String[] args, String... more) {
        List<String> all = new ArrayList<>(List.of(args));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    @Test
    void aRealModelAnswersAsItsReferenceDoes() {
        String model = TestData.require(SMOLLM).toString();
        Result single = run(
                "",
                "generate",
                "--model",
                model,
                "--chat",
                "--prompt",
                "Name three colors and say one sentence about each.",
                "--temperature",
                "0");
        assertThat(single.out())
                .as(single.err())
                .containsExactly(
                        "1. Red: A vibrant and energetic color that represents freedom and passion.",
                        "2. Blue: A calming and soothing color that symbolizes stability and security.",
                        "3. Green: A vibrant and vibrant color that represents growth and development.");
        Result talk = run(
                "What is the capital of France?\nHow many people live there?\n",
                "chat",
                "--model",
                model,
                "--system",
                SYSTEM,
                "--temperature",
                "0");
        assertThat(talk.out())
                .as(talk.err())
                .containsExactly(
                        "The capital of France is Paris.",
                        "There are approximately 8.5 million people living in Paris, France.");
        assertThat(talk.err()).contains("[27 prompt tokens, 8 tokens").contains("[51 prompt tokens, 16 tokens");
    }
}
