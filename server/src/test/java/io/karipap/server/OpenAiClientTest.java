package io.karipap.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.models.completions.Completion;
import com.openai.models.completions.CompletionChoice;
import com.openai.models.completions.CompletionCreateParams;
import com.openai.models.models.Model;
import java.io.IOException;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** OpenAI's own Java client against a real server. */
@Timeout(120)
class OpenAiClientTest {
    private static TestServer server;
    private static OpenAIClient client;

    @BeforeAll
    static void start() throws IOException {
        server = new TestServer();
        client = OpenAIOkHttpClient.builder()
                .baseUrl(server.url("/v1"))
                .apiKey("none")
                .build();
    }

    @AfterAll
    static void stop() {
        client.close();
        server.close();
    }

    private static CompletionCreateParams.Builder params() {
        return CompletionCreateParams.builder()
                .model("tales-small")
                .prompt("Once upon a time")
                .maxTokens(20)
                .temperature(0.8)
                .seed(4);
    }

    @Test
    void completes() {
        Completion completion = client.completions().create(params().build());
        assertThat(completion.choices()).hasSize(1);
        assertThat(completion.choices().getFirst().finishReason()).isEqualTo(CompletionChoice.FinishReason.LENGTH);
        assertThat(completion.usage().orElseThrow().completionTokens()).isEqualTo(20);
        assertThat(completion.validate()).isNotNull();
    }

    @Test
    void streams() {
        String whole = client.completions()
                .create(params().build())
                .choices()
                .getFirst()
                .text();
        try (StreamResponse<Completion> stream = client.completions().createStreaming(params().build())) {
            String joined = stream.stream()
                    .flatMap(chunk -> chunk.choices().stream())
                    .map(CompletionChoice::text)
                    .collect(Collectors.joining());
            assertThat(joined).isEqualTo(whole);
        }
    }

    @Test
    void listsModels() {
        assertThat(client.models().list().data()).extracting(Model::id).containsExactly("tales-small", "org/tales");
    }

    @Test
    void errorsArriveAsItsExceptions() {
        assertThatThrownBy(() ->
                        client.completions().create(params().model("other").build()))
                .isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() ->
                        client.completions().create(params().temperature(5).build()))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("temperature");
    }
}
