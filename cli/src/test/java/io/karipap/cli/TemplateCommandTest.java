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

/** {@code template} prints what a model is given, to the letter. */
@ResourceLock(Resources.SYSTEM_OUT)
class TemplateCommandTest {
    private static final String MESSAGES = "[{\"role\":\"user\",\"content\":\"Hi <|im_end|>\"}]";

    @TempDir
    private Path directory;

    private Path template;

    private record Result(int code, String out, String err) {}

    private static Result run(String input, List<String> args) {
        InputStream in = System.in;
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
        ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
        try {
            System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
            System.setOut(new PrintStream(outBytes, true, StandardCharsets.UTF_8));
            System.setErr(new PrintStream(errBytes, true, StandardCharsets.UTF_8));
            int code = Karipap.execute(args.toArray(String[]::new));
            return new Result(
                    code, outBytes.toString(StandardCharsets.UTF_8), errBytes.toString(StandardCharsets.UTF_8));
        } finally {
            System.setIn(in);
            System.setOut(out);
            System.setErr(err);
        }
    }

    @BeforeEach
    void writeTemplate() throws Exception {
        template = Files.writeString(
                directory.resolve("chat.jinja"),
                "{% for m in messages %}<|im_start|>{{ m.role }}: {{ m.content }}<|im_end|>{% endfor %}"
                        + "{% if tools %}[{{ tools[0].function.name }}]{% endif %}{% if fast %}!{% endif %}"
                        + "{% if add_generation_prompt %}<|im_start|>assistant:{% endif %}");
    }

    private Result template(String input, String... more) {
        List<String> args = new ArrayList<>(List.of(
                "template",
                "--model",
                TestData.TALES.toString(),
                "--chat-template",
                template.toString(),
                "--messages",
                "-"));
        args.addAll(List.of(more));
        return run(input, args);
    }

    @Test
    void thePromptIsPrintedAsItIs() throws Exception {
        assertThat(template(MESSAGES).out()).isEqualTo("<|im_start|>user: Hi <|im_end|><|im_end|>");
        assertThat(template(MESSAGES, "--add-generation-prompt", "--kwargs", "{\"fast\": true}")
                        .out())
                .isEqualTo("<|im_start|>user: Hi <|im_end|><|im_end|>!<|im_start|>assistant:");
        assertThat(template(MESSAGES, "--continue-final-message").out()).isEqualTo("<|im_start|>user: Hi <|im_end|>");
        Path tools = Files.writeString(
                directory.resolve("tools.json"), "[{\"type\":\"function\",\"function\":{\"name\":\"now\"}}]");
        String written = Files.readString(template);
        Files.writeString(template, written.replace("{% if tools %}", "{# <tool_call> #}{% if tools %}"));
        assertThat(template(MESSAGES, "--tools", tools.toString()).out())
                .isEqualTo("<|im_start|>user: Hi <|im_end|><|im_end|>[now]");
    }

    /** Special tokens of the template are tokens, those in messages are text. */
    @Test
    void tokensAreListed() {
        List<String> lines = template(MESSAGES, "--tokens").out().lines().toList();
        assertThat(lines.getFirst()).matches("\\d+ <\\|im_start\\|>");
        assertThat(lines.getLast()).matches("\\d+ <\\|im_end\\|>");
        assertThat(lines.subList(1, lines.size() - 1)).allMatch(line -> line.matches("\\d+ \".+\""));
    }

    @Test
    void whatIsWrongIsNamed() {
        assertThat(template("{").err()).contains("standard input is not valid JSON");
        assertThat(template("{}").err()).contains("standard input is not a JSON array of objects");
        assertThat(template(MESSAGES, "--kwargs", "[]").err()).contains("--kwargs is not a JSON object");
        assertThat(template(MESSAGES, "--add-generation-prompt", "--continue-final-message")
                        .err())
                .contains("exclude each other");
        assertThat(run("", List.of("template", "--help")).out()).contains("--messages", "as in a request to");
    }
}
