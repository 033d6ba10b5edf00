package io.karipap.tokenizer.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.karipap.tokenizer.jinja.Refusal;
import io.karipap.tokenizer.jinja.Template;
import io.karipap.tokenizer.jinja.TemplateException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Templates drawn from a grammar render as jinja2 renders them, or both refuse (see make-jinja-goldens.py). */
class JinjaAgreementTest {
    private static final String FILE = System.getProperty("karipap.jinja.goldens");
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    /** In a thousand: what only Python's own objects explain, such as an index of the wrong type that is folded at compile time. */
    private static final double TOLERATED = FILE == null ? 0 : 1;

    private static InputStream goldens() throws IOException {
        return FILE == null
                ? JinjaAgreementTest.class.getResourceAsStream("jinja-goldens.jsonl")
                : Files.newInputStream(Path.of(FILE));
    }

    @Test
    void generatedTemplatesRenderAsJinjaRendersThem() throws IOException {
        List<String> differences = new ArrayList<>();
        int rendered = 0;
        int refused = 0;
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(goldens(), StandardCharsets.UTF_8))) {
            Map<String, Object> variables = MAPPER.readValue(lines.readLine(), new TypeReference<>() {});
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                JsonNode golden = MAPPER.readTree(line);
                String template = golden.path("template").asString();
                String text = render(template, variables);
                String expected = golden.path("text").asString(null);
                if (text == null ? expected != null : !text.equals(expected)) {
                    differences.add(template + "\n  expected " + expected + "\n  but was " + text);
                } else if (text == null) {
                    refused++;
                } else {
                    rendered++;
                }
            }
        }
        System.out.println("generated templates: " + rendered + " rendered as jinja2's, " + refused
                + " refused by both, " + differences.size() + " different");
        assertThat(rendered).isGreaterThan(400);
        assertThat(differences)
                .as(() -> String.join("\n", differences.subList(0, Math.min(20, differences.size()))))
                .hasSizeLessThanOrEqualTo((int) (TOLERATED * (rendered + refused) / 1000));
    }

    private static String render(String template, Map<String, Object> variables) {
        try {
            return Template.parse(template)
                    .render(Map.of(), variables, LocalDateTime.of(2024, 7, 26, 10, 5, 3))
                    .text();
        } catch (TemplateException | Refusal e) {
            return null;
        }
    }
}
