package io.karipap.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

@Timeout(120)
class CompletionsTest {
    private static TestServer server;

    @BeforeAll
    static void start() throws IOException {
        server = new TestServer();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String body(String more) {
        return "{\"model\":\"tales-small\",\"prompt\":\"Once upon a time\"," + more + "}";
    }

    @Test
    void aResponseHasEveryField() throws Exception {
        JsonNode response = server.complete(body("\"max_tokens\":7,\"temperature\":0"));
        assertThat(response.path("id").asString()).startsWith("cmpl-");
        assertThat(response.path("object").asString()).isEqualTo("text_completion");
        assertThat(response.path("created").asLong()).isGreaterThan(1_700_000_000);
        assertThat(response.path("model").asString()).isEqualTo("tales-small");
        JsonNode choice = response.path("choices").path(0);
        assertThat(choice.path("text").asString()).isNotEmpty();
        assertThat(choice.path("index").asInt()).isZero();
        assertThat(choice.get("logprobs").isNull()).isTrue();
        assertThat(choice.path("finish_reason").asString()).isEqualTo("length");
        assertThat(response.path("usage").path("prompt_tokens").asInt()).isEqualTo(4);
        assertThat(response.path("usage").path("completion_tokens").asInt()).isEqualTo(7);
        assertThat(response.path("usage").path("total_tokens").asInt()).isEqualTo(11);
    }

    @Test
    void aStreamJoinsToTheWholeAnswer() throws Exception {
        String options = "\"max_tokens\":40,\"seed\":11,\"temperature\":0.9";
        String whole = server.complete(body(options))
                .path("choices")
                .path(0)
                .path("text")
                .asString();
        HttpResponse<String> response = server.send(
                "POST",
                "/v1/completions",
                body(options + ",\"stream\":true,\"stream_options\":{\"include_usage\":true}"));
        assertThat(response.headers().firstValue("content-type").orElse("")).startsWith("text/event-stream");
        List<String> events =
                response.body().lines().filter(line -> !line.isEmpty()).toList();
        assertThat(events).allMatch(line -> line.startsWith("data: ")).last().isEqualTo("data: [DONE]");
        StringBuilder text = new StringBuilder();
        for (String event : events.subList(0, events.size() - 2)) {
            JsonNode chunk = TestServer.MAPPER.readTree(event.substring(6));
            assertThat(chunk.get("usage").isNull()).isTrue();
            text.append(chunk.path("choices").path(0).path("text").asString());
        }
        JsonNode usage =
                TestServer.MAPPER.readTree(events.get(events.size() - 2).substring(6));
        assertThat(usage.path("choices").isEmpty()).isTrue();
        assertThat(usage.path("usage").path("completion_tokens").asInt()).isEqualTo(40);
        assertThat(text.toString()).isEqualTo(whole);
    }

    @Test
    void stopStringsAndTokenPromptsWork() throws Exception {
        String whole = server.complete(body("\"max_tokens\":40,\"temperature\":0"))
                .path("choices")
                .path(0)
                .path("text")
                .asString();
        JsonNode stopped =
                server.complete(body("\"max_tokens\":40,\"temperature\":0,\"stop\":[\" little\",\"never\"]"));
        assertThat(stopped.path("choices").path(0).path("text").asString())
                .isEqualTo(whole.substring(0, whole.indexOf(" little")));
        assertThat(stopped.path("choices").path(0).path("finish_reason").asString())
                .isEqualTo("stop");
        JsonNode byIds = server.complete(
                "{\"model\":\"tales-small\",\"prompt\":[781,555,258,517],\"max_tokens\":40,\"temperature\":0}");
        assertThat(byIds.path("choices").path(0).path("text").asString()).isEqualTo(whole);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "POST | /v1/completions | {\"model\":                                          | 400 | | not valid JSON",
                "POST | /v1/completions | [1]                                                  | 400 | | not a JSON object",
                "POST | /v1/completions | {\"prompt\":\"x\"}                                   | 400 | model | required",
                "POST | /v1/completions | {\"model\":1,\"prompt\":\"x\"}                       | 400 | model | a string",
                "POST | /v1/completions | {\"model\":\"tales-small\"}                          | 400 | prompt | required",
                "POST | /v1/completions | {\"model\":\"tales-small\",\"prompt\":{}}            | 400 | prompt | expected",
                "POST | /v1/completions | {\"model\":\"tales-small\",\"prompt\":\"\"}          | 400 | prompt | empty",
                "POST | /v1/completions | {\"model\":\"tales-small\",\"prompt\":[5000]}        | 400 | prompt | 5000",
                "POST | /v1/completions | {\"model\":\"tales-small\",\"prompt\":\"x\",\"max_tokens\":\"7\"} | 400 | max_tokens | integer",
                "POST | /v1/completions | {\"model\":\"tales-small\",\"prompt\":\"x\",\"max_tokens\":-1} | 400 | max_tokens | integer",
                "POST | /v1/completions | {\"model\":\"tales-small\",\"prompt\":\"x\",\"temperature\":3} | 400 | temperature | 0.0..2.0",
                "POST | /v1/completions | {\"model\":\"tales-small\",\"prompt\":\"x\",\"top_p\":true} | 400 | top_p | number",
                "POST | /v1/completions | {\"model\":\"tales-small\",\"prompt\":\"x\",\"stop\":[1]} | 400 | stop | strings",
                "POST | /v1/completions | {\"model\":\"tales-small\",\"prompt\":\"x\",\"seed\":1.5} | 400 | seed | integer",
                "POST | /v1/completions | {\"model\":\"tales-small\",\"prompt\":\"x\",\"stream\":\"yes\"} | 400 | stream | true or false",
                "POST | /v1/completions | {\"model\":\"tales-small\",\"prompt\":\"x\",\"stream_options\":{}} | 400 | stream_options | stream",
                "POST | /v1/completions | {\"model\":\"other\",\"prompt\":\"x\"}               | 404 | model | other",
                "GET  | /v1/completions |                                                      | 405 | | POST",
                "POST | /v1/models      | {}                                                   | 405 | | GET",
                "GET  | /v1/nothing     |                                                      | 404 | | /v1/nothing",
                "GET  | /v1/models/x    |                                                      | 404 | model | x",
            })
    void wrongRequestsGetOneClearError(
            String method, String path, String body, int status, String param, String message) throws Exception {
        HttpResponse<String> response = server.send(method, path, body == null ? "" : body);
        assertThat(response.statusCode()).isEqualTo(status);
        JsonNode error = TestServer.MAPPER.readTree(response.body()).path("error");
        assertThat(error.has("message") && error.has("type") && error.has("param") && error.has("code"))
                .isTrue();
        assertThat(error.path("message").asString()).contains(message);
        assertThat(error.path("param").asString("")).isEqualTo(param == null ? "" : param);
        if (status == 405) {
            assertThat(response.headers().firstValue("allow")).contains(message);
        }
    }

    @Test
    void aPromptLongerThanTheContextIsRefusedWithBothNumbers() throws Exception {
        HttpResponse<String> response = server.send(
                "POST", "/v1/completions", "{\"model\":\"tales-small\",\"prompt\":\"" + "word ".repeat(700) + "\"}");
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("context_length_exceeded", "512");
    }

    @Test
    void aBodyThatIsTooLargeIsRefused() throws Exception {
        HttpResponse<String> response =
                server.send("POST", "/v1/completions", "{\"prompt\":\"" + "x".repeat(5 << 20) + "\"}");
        assertThat(response.statusCode()).isEqualTo(413);
        assertThat(response.body()).contains("larger than");
    }

    @Test
    void aBodyThatIsNotJsonByItsHeaderIsRefused() throws Exception {
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            String request =
                    "POST /v1/completions HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n"
                            + "Connection: close\r\n\r\n{}";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer).startsWith("HTTP/1.1 415").contains("application/json", "\"error\"");
        }
    }

    @Test
    void theRestAnswers() throws Exception {
        assertThat(server.send("GET", "/health", "").body()).contains("ok");
        JsonNode models =
                TestServer.MAPPER.readTree(server.send("GET", "/v1/models", "").body());
        assertThat(models.path("data").path(0).path("id").asString()).isEqualTo("tales-small");
        assertThat(server.send("GET", "/v1/models/tales%2Dsmall", "").statusCode())
                .isEqualTo(200);
        server.complete(body("\"max_tokens\":3"));
        assertThat(server.send("GET", "/metrics", "").body())
                .contains("gen_ai_server_request_duration_seconds_count", "karipap_generation_tokens_total");
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() throws Exception {
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            String first = body("\"max_tokens\":60,\"temperature\":0");
            String request =
                    "POST /v1/completions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: "
                            + first.length() + "\r\n\r\n" + first
                            + "GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            socket.getInputStream().transferTo(all);
            String answer = all.toString(StandardCharsets.UTF_8);
            assertThat(answer.indexOf("text_completion")).isPositive();
            assertThat(answer.indexOf("\"status\":\"ok\"")).isGreaterThan(answer.indexOf("text_completion"));
        }
    }

    @Test
    void aClientThatLeavesStopsItsGeneration() throws Exception {
        try (Socket _ = server.startUnread()) {
            awaitRunning(true);
        }
        awaitRunning(false);
        String metrics = server.send("GET", "/metrics", "").body();
        assertThat(metrics).contains("karipap_request_success_total{finish_reason=\"cancelled\"}");
    }

    /** The engine tells its load after a step. */
    private static void awaitRunning(boolean running) throws InterruptedException {
        long start = System.nanoTime();
        while (server.model().engine().load().running() > 0 != running) {
            assertThat(System.nanoTime() - start)
                    .as("a generation runs: %s", !running)
                    .isLessThan(10_000_000_000L);
            Thread.sleep(1);
        }
    }
}
