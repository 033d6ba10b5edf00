package io.karipap.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/** Tools at {@code /v1/chat/completions}: a model that knows nothing of them obeys the grammar, so every call is one. */
@Timeout(120)
class ToolsTest {
    private static final String TEMPLATE =
            "{% if tools %}{% for t in tools %}<tool>{{ t | tojson }}</tool>\n{% endfor %}"
                    + "Calls are written <tool_call>.\n{% endif %}{% for m in messages %}{{ m.role }}: {{ m.content }}"
                    + "{% if m.tool_calls %}{% for c in m.tool_calls %}{{ c.function.name }}{{ c.function.arguments | tojson }}"
                    + "{% endfor %}{% endif %}{{ '\n' }}{% endfor %}{% if add_generation_prompt %}assistant:{% endif %}";

    private static final String TOOLS =
            "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"weather\",\"parameters\":"
                    + "{\"type\":\"object\",\"properties\":{\"city\":{\"enum\":[\"Rome\",\"Oslo\"]},\"day\":{\"type\":\"integer\",\"minimum\":1,"
                    + "\"maximum\":31}},\"required\":[\"city\",\"day\"],\"additionalProperties\":false}}},"
                    + "{\"type\":\"function\",\"function\":{\"name\":\"now\"}}]";
    private static final String ASK =
            "{\"model\":\"tales-small\",\"messages\":[{\"role\":\"user\",\"content\":\"Where?\"}],"
                    + "\"temperature\":1,\"max_tokens\":120,";

    private static TestServer server;

    @BeforeAll
    static void start() throws IOException {
        server = TestServer.withTemplate(TEMPLATE);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static JsonNode choice(String more) throws Exception {
        return Shapes.check(server.post("/v1/chat/completions", ASK + more + "}"), "chatCompletion")
                .path("choices")
                .path(0);
    }

    private static void checkCall(JsonNode call) {
        JsonNode arguments = TestServer.MAPPER.readTree(
                call.path("function").path("arguments").asString());
        if (call.path("function").path("name").asString().equals("now")) {
            assertThat(arguments.isEmpty()).isTrue();
        } else {
            assertThat(call.path("function").path("name").asString()).isEqualTo("weather");
            assertThat(arguments.path("city").asString()).isIn("Rome", "Oslo");
            assertThat(arguments.path("day").asInt()).isBetween(1, 31);
        }
    }

    @Test
    void requiredIsACall() throws Exception {
        for (int seed = 0; seed < 10; seed++) {
            JsonNode choice =
                    choice(TOOLS + ",\"tool_choice\":\"required\",\"parallel_tool_calls\":false,\"seed\":" + seed);
            assertThat(choice.path("finish_reason").asString()).isEqualTo("tool_calls");
            assertThat(choice.path("message").path("content").isNull()).isTrue();
            assertThat(choice.path("message").path("tool_calls").size()).isEqualTo(1);
            checkCall(choice.path("message").path("tool_calls").path(0));
        }
    }

    @Test
    void aNamedToolIsCalled() throws Exception {
        JsonNode choice = choice(TOOLS + ",\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":\"now\"}}");
        assertThat(choice.path("message")
                        .path("tool_calls")
                        .path(0)
                        .path("function")
                        .path("name")
                        .asString())
                .isEqualTo("now");
        assertThat(choice.path("message").path("tool_calls").size()).isEqualTo(1);
    }

    /** Without tools in the prompt and without a grammar it is the answer that it would be without tools. */
    @Test
    void noneIsAsWithoutTools() throws Exception {
        assertThat(choice(TOOLS + ",\"tool_choice\":\"none\",\"seed\":3").path("message"))
                .isEqualTo(choice("\"seed\":3").path("message"));
    }

    @Test
    void aStreamJoinsToTheWholeCalls() throws Exception {
        String more = TOOLS + ",\"tool_choice\":\"required\",\"seed\":5,\"n\":2,\"logprobs\":true";
        JsonNode whole = server.post("/v1/chat/completions", ASK + more + "}").path("choices");
        HttpResponse<String> response = server.send("POST", "/v1/chat/completions", ASK + more + ",\"stream\":true}");
        List<ArrayNode> calls = List.of(TestServer.MAPPER.createArrayNode(), TestServer.MAPPER.createArrayNode());
        List<String> reasons = new ArrayList<>(List.of("", ""));
        int[] tokens = new int[2];
        boolean[] opened = new boolean[2];
        for (JsonNode chunk : Shapes.chunks(response.body(), "chatChunk")) {
            JsonNode choice = chunk.path("choices").path(0);
            int index = choice.path("index").asInt();
            JsonNode delta = choice.path("delta");
            assertThat(delta.has("role")).isEqualTo(!opened[index]);
            opened[index] = true;
            tokens[index] += choice.path("logprobs").path("content").size();
            if (!choice.path("finish_reason").isNull()) {
                reasons.set(index, choice.path("finish_reason").asString());
            }
            for (JsonNode piece : delta.path("tool_calls")) {
                ArrayNode own = calls.get(index);
                if (piece.has("id")) {
                    assertThat(piece.path("index").asInt()).isEqualTo(own.size());
                    assertThat(piece.path("function").path("arguments").asString())
                            .isEmpty();
                    own.addObject()
                            .put("name", piece.path("function").path("name").asString())
                            .put("arguments", "");
                } else {
                    var last = (tools.jackson.databind.node.ObjectNode)
                            own.get(piece.path("index").asInt());
                    last.put(
                            "arguments",
                            last.path("arguments").asString()
                                    + piece.path("function").path("arguments").asString());
                }
            }
        }
        for (int i = 0; i < 2; i++) {
            ArrayNode expected = TestServer.MAPPER.createArrayNode();
            whole.path(i).path("message").path("tool_calls").forEach(call -> expected.add(call.path("function")));
            assertThat(calls.get(i)).isEqualTo(expected).isNotEmpty();
            assertThat(reasons.get(i))
                    .isEqualTo(whole.path(i).path("finish_reason").asString());
            assertThat(tokens[i])
                    .isEqualTo(whole.path(i).path("logprobs").path("content").size());
        }
    }

    @Test
    void callsAndResultsBecomeAPrompt() throws Exception {
        String body =
                "{\"model\":\"tales-small\",\"max_tokens\":5,\"messages\":[{\"role\":\"user\",\"content\":\"Where?\"},"
                        + "{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":\"call_1\",\"type\":\"function\",\"function\":"
                        + "{\"name\":\"weather\",\"arguments\":\"{\\\"city\\\": \\\"Rome\\\"}\"}}]},"
                        + "{\"role\":\"tool\",\"tool_call_id\":\"call_1\",\"content\":\"sun\"}]}";
        String prompt = "user: Where?\\nassistant: weather{\\\"city\\\": \\\"Rome\\\"}\\ntool: sun\\nassistant:";
        int expected = server.post("/tokenize", "{\"model\":\"tales-small\",\"prompt\":\"" + prompt + "\"}")
                .path("count")
                .asInt();
        assertThat(server.post("/v1/chat/completions", body)
                        .path("usage")
                        .path("prompt_tokens")
                        .asInt())
                .isEqualTo(expected);
    }

    @Test
    void thoughtsAreApart() throws Exception {
        String template = "{% for m in messages %}{{ m.content.split('</think>')[-1] }}\n{% endfor %}"
                + "{% if think is not defined or think %}<think>\n{% endif %}";
        try (TestServer thinking = TestServer.withTemplate(template)) {
            String ask =
                    "{\"model\":\"tales-small\",\"messages\":[{\"role\":\"user\",\"content\":\"Once\"}],\"temperature\":0,\"max_tokens\":20";
            JsonNode message = Shapes.check(thinking.post("/v1/chat/completions", ask + "}"), "chatCompletion")
                    .path("choices")
                    .path(0)
                    .path("message");
            assertThat(message.path("reasoning_content").asString()).isNotBlank();
            assertThat(message.path("content").asString()).isEmpty();
            StringBuilder streamed = new StringBuilder();
            String body = thinking.send("POST", "/v1/chat/completions", ask + ",\"stream\":true}")
                    .body();
            for (JsonNode chunk : Shapes.chunks(body, "chatChunk")) {
                streamed.append(chunk.path("choices")
                        .path(0)
                        .path("delta")
                        .path("reasoning_content")
                        .asString(""));
            }
            assertThat(streamed.toString())
                    .isEqualTo(message.path("reasoning_content").asString());
            JsonNode plain = thinking.post("/v1/chat/completions", ask + ",\"chat_template_kwargs\":{\"think\":false}}")
                    .path("choices")
                    .path(0)
                    .path("message");
            assertThat(plain.has("reasoning_content")).isFalse();
            assertThat(plain.path("content").asString()).isNotBlank();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"tools\":{}                                                                     | tools",
                "\"tools\":[{\"type\":\"custom\"}]                                                | tools[0].type",
                "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"a b\"}}]              | tools[0].function.name",
                "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"a\",\"parameters\":[]}}] | tools[0].function.parameters",
                "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"a\"}},{\"type\":\"function\",\"function\":{\"name\":\"a\"}}] | tools[1]",
                "\"tool_choice\":\"required\"                                                     | tool_choice",
                "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"a\"}}],\"tool_choice\":\"any\" | tool_choice",
                "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"a\"}}],\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":\"b\"}} | tool_choice",
                "\"functions\":[{\"name\":\"a\"}]                                                 | functions",
                "\"continue_final_message\":true,\"add_generation_prompt\":true                   | continue_final_message",
                "\"messages\":[{\"role\":\"tool\",\"content\":\"x\"}]                             | messages[0].tool_call_id",
                "\"messages\":[{\"role\":\"assistant\",\"tool_calls\":[{}]}]                      | messages[0].tool_calls[0]",
            })
    void wrongFieldsAreNamed(String fields, String param) throws Exception {
        String messages = fields.contains("messages") ? "" : "\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],";
        HttpResponse<String> response =
                server.send("POST", "/v1/chat/completions", "{\"model\":\"tales-small\"," + messages + fields + "}");
        assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
        JsonNode error = Shapes.check(TestServer.MAPPER.readTree(response.body()), "error");
        assertThat(error.path("error").path("param").asString()).isEqualTo(param);
    }
}
