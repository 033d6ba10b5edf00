package io.karipap.tokenizer.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.karipap.testing.TestData;
import io.karipap.tokenizer.Tokenizer;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
}
