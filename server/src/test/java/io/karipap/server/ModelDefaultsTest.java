package io.karipap.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.karipap.generate.GenerationDefaults;
import io.karipap.generate.LanguageModel;
import io.karipap.generate.LoadOptions;
import io.karipap.tokenizer.chat.ChatTemplate;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** What a request leaves open is as the model says; what a template reads comes from the request. */
@Timeout(120)
class ModelDefaultsTest {
    private static final String TEMPLATE =
            "{% for d in documents or [] %}{{ d.text }} {% endfor %}{% if shout %}Once upon a time{% endif %}"
                    + "{% for m in messages %}{{ m.content }}{% if m.role == 'assistant' %}<|im_end|>{% endif %}{% endfor %}";

    private static LanguageModel model;
    private static KaripapServer server;
    private static HttpClient client;

    @BeforeAll
    static void start() throws IOException {
        GenerationDefaults defaults = new GenerationDefaults(
                OptionalDouble.of(0),
                OptionalInt.of(20),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                OptionalDouble.of(1.3),
                OptionalInt.of(7));
        model = LanguageModel.bundled(LoadOptions.DEFAULT);
        ServedModel served = ServedModel.builder(model)
                .chatTemplate(new ChatTemplate(TEMPLATE, Map.of()))
                .defaults(defaults)
                .build();
        server = KaripapServer.start(served, ServerOptions.of("127.0.0.1", 0));
        client = HttpClient.newHttpClient();
    }

    @AfterAll
    static void stop() {
        client.close();
        server.close();
    }

    private static HttpResponse<String> send(String path, String fields) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/v1/" + path))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString("{\"model\":\"tales-small\"," + fields + "}"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static JsonNode post(String path, String fields) throws Exception {
        HttpResponse<String> response = send(path, fields);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return TestServer.MAPPER.readTree(response.body());
    }

    private static String text(JsonNode response) {
        return response.path("choices").path(0).path("text").asString();
    }

    private static String answer(String fields) throws Exception {
        return post("chat/completions", fields)
                .path("choices")
                .path(0)
                .path("message")
                .path("content")
                .asString();
    }

    @Test
    void theModelsValuesStandForWhatIsLeftOpen() throws Exception {
        JsonNode open = post("completions", "\"prompt\":\"The dog\"");
        assertThat(open.path("usage").path("completion_tokens").asInt()).isEqualTo(7);
        assertThat(text(open))
                .isEqualTo(
                        text(
                                post(
                                        "completions",
                                        "\"prompt\":\"The dog\",\"temperature\":0,\"top_k\":20,\"repetition_penalty\":1.3,\"max_tokens\":7")));
    }

    @Test
    void aRequestSaysOtherwise() throws Exception {
        String own = "\"prompt\":\"The dog\",\"max_tokens\":30,\"repetition_penalty\":1,\"temperature\":0";
        assertThat(post("completions", own)
                        .path("usage")
                        .path("completion_tokens")
                        .asInt())
                .isEqualTo(30);
        assertThat(text(post("completions", own)))
                .isNotEqualTo(text(post("completions", "\"prompt\":\"The dog\",\"max_tokens\":30")));
    }

    @Test
    void variablesAndDocumentsReachTheTemplate() throws Exception {
        String message = "\"messages\":[{\"role\":\"user\",\"content\":\", there was a dog\"}]";
        String expected =
                answer("\"messages\":[{\"role\":\"user\",\"content\":\"Once upon a time, there was a dog\"}]");
        assertThat(answer(message + ",\"chat_template_kwargs\":{\"shout\":true,\"other\":null}"))
                .isEqualTo(expected);
        assertThat(answer("\"messages\":[{\"role\":\"user\",\"content\":\"upon a time, there was a dog\"}],"
                        + "\"documents\":[{\"text\":\"Once\"}]"))
                .isEqualTo(expected);
        assertThat(answer(message + ",\"chat_template_kwargs\":{\"shout\":false}"))
                .isNotEqualTo(expected);
    }

    @Test
    void theTemplatesTokenEndsATurn() throws Exception {
        int end = model.tokenizer().id("<|im_end|>").orElseThrow();
        String forced = "\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}],\"logit_bias\":{\"" + end
                + "\":100},\"max_tokens\":5";
        JsonNode choice = post("chat/completions", forced).path("choices").path(0);
        assertThat(choice.path("finish_reason").asString()).isEqualTo("stop");
        assertThat(choice.path("message").path("content").asString()).isEmpty();
        JsonNode ignoring = post("chat/completions", forced + ",\"ignore_eos\":true");
        assertThat(ignoring.path("choices").path(0).path("finish_reason").asString())
                .isEqualTo("length");
    }

    @Test
    void wrongVariablesAreNamed() throws Exception {
        String message = "\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}],";
        for (String wrong :
                new String[] {"\"chat_template_kwargs\":[1]", "\"chat_template_kwargs\":{\"messages\":1}"}) {
            HttpResponse<String> response = send("chat/completions", message + wrong);
            assertThat(response.statusCode()).isEqualTo(400);
            assertThat(TestServer.MAPPER
                            .readTree(response.body())
                            .path("error")
                            .path("param")
                            .asString())
                    .isEqualTo("chat_template_kwargs");
        }
        assertThat(send("chat/completions", message + "\"documents\":{}").statusCode())
                .isEqualTo(400);
    }
}
