package io.karipap.tokenizer.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.karipap.json.Json;
import io.karipap.testing.TestData;
import io.karipap.tokenizer.EncodeOptions;
import io.karipap.tokenizer.FillInMiddle;
import io.karipap.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What a template is given besides messages, and how it ends a turn. */
class ChatPromptTest {
    private static final List<Map<String, Object>> HELLO = List.of(Map.of("role", "user", "content", "Hello"));

    private static ChatPrompt prompt(Map<String, Object> variables) {
        return new ChatPrompt(HELLO, List.of(), List.of(Map.of("title", "Dogs")), variables, PromptEnd.ANSWER);
    }

    @Test
    void variablesAndDocumentsReachTheTemplate() {
        ChatTemplate template = new ChatTemplate(
                "{% for d in documents %}[{{ d.title }}]{% endfor %}{{ messages[0].content }}"
                        + "{% if enable_thinking is defined and enable_thinking is false %} quickly{% endif %}"
                        + "{% if effort is defined and effort is none %}?{% endif %}"
                        + "{% if extra is defined %}{{ extra.list[1] }}{% endif %}",
                Map.of());
        assertThat(template.render(prompt(Map.of()))).isEqualTo("[Dogs]Hello");
        Map<String, Object> variables = new HashMap<>(Map.of("enable_thinking", false));
        variables.put("effort", null);
        variables.put("extra", Map.of("list", List.of(1, 2.5)));
        assertThat(template.render(prompt(variables))).isEqualTo("[Dogs]Hello quickly?2.5");
    }

    @Test
    void aVariableCannotTakeTheNameOfAPart() {
        ChatTemplate template =
                new ChatTemplate("{{ bos_token }}{{ messages[0].content }}", Map.of("bos_token", "<s>"));
        for (String name : List.of("bos_token", "messages", "tools", "documents", "add_generation_prompt")) {
            assertThatThrownBy(() -> template.render(prompt(Map.of(name, "x"))))
                    .isInstanceOf(ChatTemplateException.class)
                    .hasMessageContaining("\"" + name + "\"");
        }
    }

    @Test
    void specialTokensInVariablesArePlainText() throws IOException {
        Tokenizer tokenizer = Tokenizer.load(TestData.TALES);
        ChatTemplate template = new ChatTemplate("<|im_start|>{{ style.role }}", Map.of());
        int[] ids = template.encode(tokenizer, prompt(Map.of("style", Map.of("role", "<|im_start|>"))));
        int start = tokenizer.id("<|im_start|>").orElseThrow();
        assertThat(ids).startsWith(start).hasSizeGreaterThan(2);
        assertThat(ids).containsOnlyOnce(start);
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " => ",
            quoteCharacter = '`',
            value = {
                "{% for m in messages %}<|im_start|>{{ m.role + '\\n' + m.content }}<|im_end|>{% endfor %} => <|im_end|>",
                "{% for m in messages %}{{ m.content }} <|endoftext|>{% endfor %} => <|endoftext|>",
                "{% for m in messages %}{{ m.role }}: {{ m.content }} .{% endfor %} => <|none|>",
                "{{ messages[0].content }}<|im_end|> => <|none|>",
                "{{ raise_exception('no') }} => <|none|>",
            })
    void theTokenAfterAnAnswerEndsATurn(String template, String end) throws IOException {
        Tokenizer tokenizer = Tokenizer.load(TestData.TALES);
        assertThat(new ChatTemplate(template, Map.of()).endsOfTurn(tokenizer))
                .isEqualTo(tokenizer.id(end).stream().boxed().collect(Collectors.toSet()));
    }

    @Test
    void theLastMessageIsLeftOpen() {
        ChatTemplate keeping = new ChatTemplate("{% for m in messages %}<{{ m.content }}>{% endfor %}", Map.of());
        ChatTemplate trimming =
                new ChatTemplate("{% for m in messages %}<{{ m.content | trim }}>{% endfor %}", Map.of());
        List<Map<String, Object>> messages =
                List.of(Map.of("role", "user", "content", "a"), Map.of("role", "assistant", "content", " so it is "));
        ChatPrompt open = new ChatPrompt(messages, List.of(), List.of(), Map.of(), PromptEnd.OPEN);
        assertThat(keeping.render(open)).isEqualTo("<a>< so it is ");
        assertThat(trimming.render(open)).isEqualTo("<a><so it is");
        assertThatThrownBy(() -> new ChatTemplate("{{ messages[0].content }}", Map.of()).render(open))
                .isInstanceOf(ChatTemplateException.class)
                .hasMessageContaining("last message");
        assertThatThrownBy(() -> keeping.render(open.withMessages(List.of(Map.of("role", "assistant")))))
                .hasMessageContaining("no text");
    }

    @Test
    void namedTemplatesAreTakenWhereTheyBelong(@TempDir Path directory) throws IOException {
        Path config = directory.resolve("tokenizer_config.json");
        Files.writeString(
                config,
                "{\"chat_template\":[{\"name\":\"default\",\"template\":\"plain\"},"
                        + "{\"name\":\"tool_use\",\"template\":\"{{ tools[0].name }}\"}]}");
        ChatPrompt tools = ChatPrompt.of(HELLO, List.of(Map.of("name", "now")));
        ChatTemplate listed = ChatTemplateLoader.load(directory).orElseThrow();
        assertThat(listed.render(ChatPrompt.of(HELLO))).isEqualTo("plain");
        assertThat(listed.render(tools)).isEqualTo("now");
        Files.writeString(directory.resolve("chat_template.json"), "{\"chat_template\":\"of the processor\"}");
        assertThat(ChatTemplateLoader.load(directory).orElseThrow().render(tools))
                .isEqualTo("of the processor");
        Files.writeString(directory.resolve("chat_template.jinja"), "of the file");
        Files.createDirectory(directory.resolve("additional_chat_templates"));
        Files.writeString(directory.resolve("additional_chat_templates/tool_use.jinja"), "with tools");
        ChatTemplate files = ChatTemplateLoader.load(directory).orElseThrow();
        assertThat(files.render(ChatPrompt.of(HELLO))).isEqualTo("of the file");
        assertThat(files.render(tools)).isEqualTo("with tools");
        assertThatThrownBy(() -> ChatTemplate.named(Map.of("rag", "x"), Map.of()))
                .hasMessageContaining("[rag]");
        assertThatThrownBy(() -> ChatTemplate.named(Map.of("default", "x", "tool_use", "{{ x | no }}"), Map.of()))
                .hasMessageContaining("\"tool_use\"");
    }

    @Test
    void anotherTemplateHasTheModelsSpecialTokens(@TempDir Path directory) throws IOException {
        Files.writeString(
                directory.resolve("tokenizer_config.json"),
                "{\"bos_token\":\"<s>\",\"eos_token\":{\"content\":\"</s>\"}}");
        Path file = Files.writeString(directory.resolve("mine.jinja"), "{{ bos_token }}x{{ eos_token }}");
        assertThat(ChatTemplateLoader.load(directory, file).render(ChatPrompt.of(HELLO)))
                .isEqualTo("<s>x</s>");
    }

    /** Whether the template or the tokenizer writes it. */
    @Test
    void oneTokenBeginsAPrompt(@TempDir Path directory) throws IOException {
        Tokenizer tokenizer = withTokens(directory, "<s>");
        int start = tokenizer.id("<s>").orElseThrow();
        Map<String, String> special = Map.of("bos_token", "<s>");
        int[] written = new ChatTemplate("{{ bos_token }}Hello", special).encode(tokenizer, ChatPrompt.of(HELLO));
        int[] added = new ChatTemplate("Hello", special).encode(tokenizer, ChatPrompt.of(HELLO));
        assertThat(added).isEqualTo(written).startsWith(start).containsOnlyOnce(start);
        assertThat(tokenizer.encode("x", EncodeOptions.PROMPT)).startsWith(start);
    }

    /** The tokenizer of tales with more special tokens, the first of which begins every text. */
    private static Tokenizer withTokens(Path directory, String... tokens) throws IOException {
        ObjectNode root = (ObjectNode) Json.parse(Files.readAllBytes(TestData.TALES.resolve("tokenizer.json")));
        int id = Tokenizer.load(TestData.TALES).vocabularySize();
        ObjectNode ids = Json.object();
        for (String token : tokens) {
            ids.put(token, id);
            ((ArrayNode) root.path("added_tokens"))
                    .addObject()
                    .put("id", id++)
                    .put("content", token)
                    .put("single_word", false)
                    .put("lstrip", false)
                    .put("rstrip", false)
                    .put("normalized", false)
                    .put("special", true);
        }
        ObjectNode processor = root.putObject("post_processor").put("type", "TemplateProcessing");
        ArrayNode single = processor.putArray("single");
        single.addObject().putObject("SpecialToken").put("id", tokens[0]).put("type_id", 0);
        single.addObject().putObject("Sequence").put("id", "A").put("type_id", 0);
        processor.putArray("pair");
        ObjectNode special = processor.putObject("special_tokens").putObject(tokens[0]);
        special.put("id", tokens[0]).putArray("ids").add(ids.path(tokens[0]).intValue());
        special.putArray("tokens").add(tokens[0]);
        return Tokenizer.load(Files.write(directory.resolve("tokenizer.json"), Json.bytes(root)));
    }

    @Test
    void aMiddleIsAskedForAsTheModelWasTrained(@TempDir Path directory) throws IOException {
        Tokenizer none = Tokenizer.load(TestData.TALES);
        assertThat(none.fillInMiddle()).isEmpty();
        for (String[] spelled : new String[][] {
            {"<s>", "<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>"},
            {"<s>", "<fim_prefix>", "<fim_suffix>", "<fim_middle>"},
            {"<s>", "<｜fim▁begin｜>", "<｜fim▁hole｜>", "<｜fim▁end｜>"},
            {"<s>", "▁<PRE>", "▁<SUF>", "▁<MID>"},
        }) {
            Tokenizer tokenizer = withTokens(directory, spelled);
            FillInMiddle fill = tokenizer.fillInMiddle().orElseThrow();
            assertThat(tokenizer.decode(fill.encode("a ", " b"), false))
                    .isEqualTo(spelled[0] + spelled[1] + "a " + spelled[2] + " b" + spelled[3]);
            assertThat(fill.ends()).contains(tokenizer.id(spelled[1]).orElseThrow());
            int[] ids = fill.encode(spelled[2], "");
            assertThat(ids)
                    .as("spellings in a text are text")
                    .containsOnlyOnce(tokenizer.id(spelled[2]).orElseThrow());
        }
        Tokenizer suffixFirst = withTokens(directory, "<s>", "[PREFIX]", "[SUFFIX]");
        assertThat(suffixFirst.decode(suffixFirst.fillInMiddle().orElseThrow().encode("a ", " b"), false))
                .isEqualTo("<s>[SUFFIX] b[PREFIX]a ");
    }
}
