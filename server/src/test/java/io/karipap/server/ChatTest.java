package io.karipap.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** {@code /v1/chat/completions} with a template that makes a story of a conversation. */
@Timeout(120)
class ChatTest {
    private static final String HELLO = "\"messages\":[{\"role\":\"system\",\"content\":\"Be kind.\"},"
            + "{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"Where is \"},{\"type\":\"text\",\"text\":\"my dog?\"}]}]";

    private static TestServer server;

    @BeforeAll
    static void start() throws IOException {
        server = new TestServer();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static JsonNode chat(String more) throws Exception {
        String body = "{\"model\":\"tales-small\"," + HELLO + "," + more + "}";
        return Shapes.check(server.post("/v1/chat/completions", body), "chatCompletion");
    }

    private static String text(JsonNode response) {
        return response.path("choices").path(0).path("message").path("content").asString();
    }

    @Test
    void theTemplateMakesThePrompt() throws Exception {
        String prompt = "Be kind.\\n\\\"Where is my dog?\\\" said the boy.\\nThe girl said, \\\"";
        String options = "\"max_tokens\":20,\"temperature\":0";
        String expected = server.complete("{\"model\":\"tales-small\",\"prompt\":\"" + prompt + "\"," + options + "}")
                .path("choices")
                .path(0)
                .path("text")
                .asString();
        assertThat(text(chat(options))).isEqualTo(expected);
        assertThat(text(chat("\"max_completion_tokens\":20,\"temperature\":0"))).isEqualTo(expected);
    }

    @Test
    void aStreamJoinsToTheWholeAnswer() throws Exception {
        String options = "\"max_tokens\":25,\"temperature\":1,\"seed\":2,\"n\":2,\"logprobs\":true,\"top_logprobs\":2";
        JsonNode whole = chat(options);
        assertThat(whole.path("choices")
                        .path(1)
                        .path("logprobs")
                        .path("content")
                        .size())
                .isEqualTo(25);
        HttpResponse<String> response = server.send(
                "POST",
                "/v1/chat/completions",
                "{\"model\":\"tales-small\"," + HELLO + "," + options
                        + ",\"stream\":true,\"stream_options\":{\"include_usage\":true}}");
        StringBuilder[] texts = {new StringBuilder(), new StringBuilder()};
        boolean[] opened = new boolean[2];
        int tokens = 0;
        JsonNode usage = null;
        for (JsonNode chunk : Shapes.chunks(response.body(), "chatChunk")) {
            JsonNode choice = chunk.path("choices").path(0);
            if (choice.isMissingNode()) {
                usage = chunk.path("usage");
                continue;
            }
            int index = choice.path("index").asInt();
            assertThat(choice.path("delta").has("role")).isEqualTo(!opened[index]);
            opened[index] = true;
            texts[index].append(choice.path("delta").path("content").asString(""));
            tokens += choice.path("logprobs").path("content").size();
        }
        for (int i = 0; i < 2; i++) {
            assertThat(texts[i].toString())
                    .isEqualTo(whole.path("choices")
                            .path(i)
                            .path("message")
                            .path("content")
                            .asString());
        }
        assertThat(tokens).isEqualTo(50);
        assertThat(usage).isNotNull();
        assertThat(usage.path("completion_tokens").asInt()).isEqualTo(50);
    }

    @Test
    void aSchemaIsHonoured() throws Exception {
        String schema = "{\"type\":\"object\",\"properties\":{\"name\":{\"type\":\"string\",\"maxLength\":12},"
                + "\"age\":{\"type\":\"integer\",\"minimum\":1,\"maximum\":99},"
                + "\"mood\":{\"enum\":[\"happy\",\"sad\"]},"
                + "\"friends\":{\"type\":\"array\",\"items\":{\"type\":\"string\",\"maxLength\":8},\"maxItems\":2}},"
                + "\"required\":[\"name\",\"age\",\"mood\",\"friends\"],\"additionalProperties\":false}";
        for (int seed = 0; seed < 5; seed++) {
            JsonNode response = chat("\"max_tokens\":200,\"temperature\":1,\"seed\":" + seed
                    + ",\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"x\",\"strict\":true,"
                    + "\"schema\":" + schema + "}}");
            JsonNode written = TestServer.MAPPER.readTree(text(response));
            assertThat(written.path("age").asInt()).isBetween(1, 99);
            assertThat(written.path("mood").asString()).isIn("happy", "sad");
            assertThat(written.path("friends").size()).isLessThanOrEqualTo(2);
            assertThat(written.size()).isEqualTo(4);
            assertThat(response.path("choices").path(0).path("finish_reason").asString())
                    .isEqualTo("stop");
        }
    }

    @Test
    void aJsonObjectIsHonouredAsFarAsItGoes() throws Exception {
        String format = ",\"response_format\":{\"type\":\"json_object\"}";
        JsonNode response = chat("\"max_tokens\":60,\"temperature\":1,\"seed\":1" + format);
        assertThat(text(response)).startsWith("{");
        assertThat(text(chat("\"max_tokens\":10,\"temperature\":0,\"response_format\":{\"type\":\"text\"}")))
                .isEqualTo(text(chat("\"max_tokens\":10,\"temperature\":0")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"x\":1                                                                      | messages",
                "\"messages\":[]                                                              | messages",
                "\"messages\":[{\"role\":\"king\",\"content\":\"x\"}]                         | messages[0].role",
                "\"messages\":[{\"role\":\"user\"}]                                           | messages[0].content",
                "\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\"}]}]    | messages[0].content",
                "\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"tools\":[{}]          | tools[0].type",
                "\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"top_logprobs\":3      | top_logprobs",
                "\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"max_tokens\":0        | max_tokens",
                "\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"response_format\":{\"type\":\"xml\"} | response_format",
                "\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"response_format\":{\"type\":\"json_schema\"} | response_format",
                "\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"response_format\":{\"type\":\"json_schema\","
                        + "\"json_schema\":{\"schema\":{\"type\":\"string\",\"pattern\":\"(?=a)b\"}}} | response_format",
            })
    void wrongFieldsAreNamed(String fields, String param) throws Exception {
        HttpResponse<String> response =
                server.send("POST", "/v1/chat/completions", "{\"model\":\"tales-small\"," + fields + "}");
        assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
        JsonNode error = Shapes.check(TestServer.MAPPER.readTree(response.body()), "error");
        assertThat(error.path("error").path("param").asString()).isEqualTo(param);
    }
}
