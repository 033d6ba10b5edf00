package io.karipap.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.karipap.generate.LanguageModel;
import io.karipap.testing.TestData;
import io.karipap.tokenizer.chat.ChatTemplateLoader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/**
 * A real model at {@code /v1/chat/completions}: its answer is that of transformers 5 on the same file
 * ({@code gguf_file=…, dtype=float32}), prompt and template.
 */
class RealChatTest {
    @Test
    @Timeout(300)
    void theAnswerIsThatOfTheReference() throws Exception {
        Path file = TestData.require("models/real/SmolLM2-135M-Instruct.Q4_1.gguf");
        LanguageModel model = LanguageModel.load(file);
        ServedModel served = ServedModel.builder(model)
                .chatTemplate(ChatTemplateLoader.load(file).orElseThrow())
                .build();
        try (KaripapServer server = KaripapServer.start(served, ServerOptions.of("127.0.0.1", 0));
                HttpClient client = HttpClient.newHttpClient()) {
            String body = "{\"model\":\"" + model.name() + "\",\"temperature\":0,\"messages\":["
                    + "{\"role\":\"system\",\"content\":\"You are a helpful assistant.\"},"
                    + "{\"role\":\"user\",\"content\":\"What is the capital of France?\"},"
                    + "{\"role\":\"assistant\",\"content\":\"The capital of France is Paris.\"},"
                    + "{\"role\":\"user\",\"content\":\"How many people live there?\"}]}";
            HttpResponse<String> response = client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/v1/chat/completions"))
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            JsonNode answer = Shapes.check(TestServer.MAPPER.readTree(response.body()), "chatCompletion");
            JsonNode choice = answer.path("choices").path(0);
            assertThat(choice.path("message").path("content").asString())
                    .isEqualTo("There are approximately 8.5 million people living in Paris, France.");
            assertThat(choice.path("finish_reason").asString()).isEqualTo("stop");
            assertThat(answer.path("usage").path("prompt_tokens").asInt()).isEqualTo(51);
            assertThat(answer.path("usage").path("completion_tokens").asInt()).isEqualTo(16);
        }
    }
}
