package io.karipap.chat.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.karipap.json.Json;
import io.karipap.testing.TestData;
import io.karipap.tokenizer.Tokenizer;
import io.karipap.tokenizer.chat.ChatPrompt;
import io.karipap.tokenizer.chat.ChatTemplate;
import io.karipap.tokenizer.chat.ChatTemplateException;
import io.karipap.tokenizer.chat.PromptEnd;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Conversations with tools by the templates of public models, as transformers renders them (see render-tools.py). */
class ToolRenderingTest {
    private static List<Map<String, Object>> maps(JsonNode array) {
        List<Map<String, Object>> maps = new ArrayList<>();
        array.forEach(each -> maps.add(Json.plainMap(each)));
        return maps;
    }

    @Test
    void renderingsAreThoseOfTransformers() throws Exception {
        Path templates = TestData.require("data/tokenizers/chat-templates");
        Tokenizer tokenizer = Tokenizer.load(TestData.TALES);
        JsonNode reference;
        try (InputStream in = ToolRenderingTest.class.getResourceAsStream("tool-renderings.json")) {
            reference = Json.parse(in.readAllBytes());
        }
        List<String> differences = new ArrayList<>();
        int total = 0;
        for (Map.Entry<String, JsonNode> entry : reference.path("sha256").properties()) {
            total++;
            String[] names = entry.getKey().split("/");
            ChatTemplate template = new ChatTemplate(
                    Files.readString(templates.resolve(names[0])), Map.of("bos_token", "<s>", "eos_token", "</s>"));
            ChatPrompt prompt = new ChatPrompt(
                    maps(reference.path("cases").path(names[1])),
                    maps(reference.path("tools")),
                    List.of(),
                    Map.of("date_string", "26 Jul 2024"),
                    names[1].equals("call") ? PromptEnd.CLOSED : PromptEnd.ANSWER);
            String hash;
            try {
                AnswerForm form = AnswerForm.of(template, tokenizer, true);
                assertThat(form.callsTools()).as(names[0]).isTrue();
                String text = template.render(form.prompt(prompt));
                hash = HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
            } catch (ChatTemplateException e) {
                hash = "error";
            }
            if (!hash.equals(entry.getValue().asString())) {
                differences.add(entry.getKey());
            }
        }
        System.out.println("tools: " + (total - differences.size()) + " of " + total + " renderings as transformers'");
        assertThat(differences).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "Qwen-Qwen2.5-7B-Instruct.jinja, HermesFormat",
        "NousResearch-Hermes-3-Llama-3.1-8B-tool_use.jinja, HermesFormat",
        "meta-llama-Llama-3.2-3B-Instruct.jinja, LlamaFormat",
        "mistralai-Mistral-Nemo-Instruct-2407.jinja, MistralListFormat",
        "google-gemma-2-2b-it.jinja, GenericFormat",
        "microsoft-Phi-3.5-mini-instruct.jinja, GenericFormat",
        "CohereForAI-c4ai-command-r-plus-tool_use.jinja, none",
        "meetkai-functionary-medium-v3.2.jinja, none",
        "fireworks-ai-llama-3-firefunction-v2.jinja, none",
    })
    void formatsAreRecognised(String file, String expected) throws Exception {
        Path template = TestData.require("data/tokenizers/chat-templates").resolve(file);
        assertThat(ToolFormat.of(Files.readString(template))
                        .map(format -> format.getClass().getSimpleName())
                        .orElse("none"))
                .isEqualTo(expected);
    }

    /** Some templates write arguments as they are: there they have to be text. */
    @Test
    void argumentsAreWhatTheTemplateWrites() {
        String before = "{% for m in messages %}{% for c in m.tool_calls or [] %}";
        String after = "{% endfor %}{% endfor %}";
        ChatTemplate text = new ChatTemplate(before + "{{ c.function.name + c.function.arguments }}" + after, Map.of());
        ChatTemplate object = new ChatTemplate(before + "{{ c.function.arguments | tojson }}" + after, Map.of());
        assertThat(ArgumentForm.of(text, false)).isEqualTo(ArgumentForm.TEXT);
        assertThat(ArgumentForm.of(object, false)).isEqualTo(ArgumentForm.OBJECT);
    }
}
