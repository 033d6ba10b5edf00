package io.karipap.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** Walks the table of fields in docs/SERVER.md: what it calls refused is 400 by name, all else is answered. */
@Timeout(180)
class FieldsTableTest {
    private static final Pattern ROW = Pattern.compile("\\| `(\\w+)` \\| (\\S+) \\| (\\S+) \\| .*\\|");

    /** Values of fields that are honoured, and of those that are refused where a number would be the wrong example. */
    private static final Map<String, String> VALUES = new HashMap<>(Map.ofEntries(
            Map.entry("stop", "\"x\""),
            Map.entry("logit_bias", "{\"5\":1}"),
            Map.entry("stream", "false"),
            Map.entry("stream_options", "null"),
            Map.entry("echo", "true"),
            Map.entry("suffix", "\"x\""),
            Map.entry("top_p", "0.5"),
            Map.entry("min_p", "0.5"),
            Map.entry("tools", "[{\"type\":\"function\",\"function\":{\"name\":\"a\"}}]"),
            Map.entry("tool_choice", "\"none\""),
            Map.entry("parallel_tool_calls", "true"),
            Map.entry("function_call", "\"auto\""),
            Map.entry("response_format", "{\"type\":\"json_object\"}"),
            Map.entry("guided_json", "{\"type\":\"boolean\"}"),
            Map.entry("guided_regex", "\"a+\""),
            Map.entry("guided_choice", "[\"a\"]"),
            Map.entry("guided_grammar", "\"root ::= [a-z]\""),
            Map.entry("structured_outputs", "{\"regex\":\"a\"}"),
            Map.entry("grammar", "\"root ::= [a-z]\""),
            Map.entry("json_schema", "{\"type\":\"boolean\"}"),
            Map.entry("modalities", "[\"audio\"]"),
            Map.entry("ignore_eos", "true"),
            Map.entry("stop_token_ids", "[5]"),
            Map.entry("return_token_ids", "true"),
            Map.entry("skip_special_tokens", "false"),
            Map.entry("include_stop_str_in_output", "true"),
            Map.entry("add_special_tokens", "true"),
            Map.entry("parse_special", "false"),
            Map.entry("add_generation_prompt", "false"),
            Map.entry("continue_final_message", "true"),
            Map.entry("chat_template_kwargs", "{\"a\":1}"),
            Map.entry("documents", "[{\"text\":\"x\"}]"),
            Map.entry("length_penalty", "2"),
            Map.entry("mirostat", "2"),
            Map.entry("repeat_penalty", "1.1"),
            Map.entry("typical_p", "0.5"),
            Map.entry("tfs_z", "0.5"),
            Map.entry("top_k", "5")));

    private static TestServer server;

    @BeforeAll
    static void start() throws IOException {
        server = TestServer.withTemplate(
                "{% for m in messages %}{{ m.content }}{% endfor %}{% if tools %}<tool_call>{% endif %}{{ reasoning_effort }}");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private record Row(String field, String completions, String chat) {}

    private static List<Row> rows() throws IOException {
        List<Row> rows = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of("../docs/SERVER.md"))) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                rows.add(new Row(row.group(1), row.group(2), row.group(3)));
            }
        }
        return rows;
    }

    @Test
    void everyRowIsAsTheTableSays() throws Exception {
        List<Row> rows = rows();
        assertThat(rows).hasSizeGreaterThan(100);
        for (Row row : rows) {
            check(row.field(), row.completions(), "/v1/completions", "\"prompt\":\"Once\"");
            check(
                    row.field(),
                    row.chat(),
                    "/v1/chat/completions",
                    "\"messages\":[{\"role\":\"user\",\"content\":\"Once\"}]");
        }
    }

    private static void check(String field, String meaning, String path, String base) throws Exception {
        boolean chat = path.contains("chat");
        String value = VALUES.getOrDefault(field, "2");
        if (field.equals("model") || base.startsWith("\"" + field)) {
            return;
        }
        if (chat && field.equals("logprobs")) {
            value = "true";
        }
        if (field.equals("reasoning_effort")) {
            value = "\"low\"";
        }
        String more = chat && field.equals("top_logprobs") ? ",\"logprobs\":true" : "";
        String limit = field.equals("max_tokens") ? "" : ",\"max_tokens\":2";
        String body = "{\"model\":\"tales-small\"," + base + limit + more + ",\"" + field + "\":" + value + "}";
        HttpResponse<String> response = server.send("POST", path, body);
        String what = path + " " + field + ": " + value + " " + response.body();
        JsonNode answer = TestServer.MAPPER.readTree(response.body());
        switch (meaning) {
            case "refused" -> {
                assertThat(response.statusCode()).as(what).isEqualTo(400);
                assertThat(answer.path("error").path("param").asString())
                        .as(what)
                        .isEqualTo(field);
            }
            case "harmless", "–" -> assertThat(response.statusCode()).as(what).isEqualTo(200);
            case "honoured" -> {
                boolean refused = field.equals("suffix"); // this model cannot fill in
                assertThat(response.statusCode()).as(what).isEqualTo(refused ? 400 : 200);
            }
            default -> throw new AssertionError(what + " is called " + meaning);
        }
    }

    /** What cannot change anything may be sent: clients send all fields that they know. */
    @Test
    void valuesThatChangeNothingAreAccepted() throws Exception {
        String neutral =
                "\"typical_p\":1,\"mirostat\":0,\"repeat_penalty\":1.0,\"n_keep\":0,\"store\":false,\"bad_words\":[],"
                        + "\"use_beam_search\":false,\"length_penalty\":1.0,\"guided_json\":null,\"top_n_sigma\":-1,\"priority\":0";
        server.complete("{\"model\":\"tales-small\",\"prompt\":\"Once\",\"max_tokens\":1," + neutral + "}");
        server.post(
                "/v1/chat/completions",
                "{\"model\":\"tales-small\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"max_tokens\":1,"
                        + "\"modalities\":[\"text\"],\"echo\":false,\"best_of\":1,\"function_call\":\"none\"," + neutral
                        + "}");
    }
}
