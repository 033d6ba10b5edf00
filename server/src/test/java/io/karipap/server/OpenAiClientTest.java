package io.karipap.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionFunctionTool;
import com.openai.models.chat.completions.ChatCompletionMessageFunctionToolCall;
import com.openai.models.chat.completions.ChatCompletionToolChoiceOption;
import com.openai.models.completions.Completion;
import com.openai.models.completions.CompletionChoice;
import com.openai.models.completions.CompletionCreateParams;
import com.openai.models.models.Model;
import io.karipap.generate.EngineOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
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

    @Test
    void completesAsynchronously() throws Exception {
        List<CompletableFuture<Completion>> all = new ArrayList<>();
        for (int seed = 0; seed < 8; seed++) {
            all.add(client.async().completions().create(params().seed(seed).build()));
        }
        for (int seed = 0; seed < 8; seed++) {
            assertThat(all.get(seed)
                            .get(60, TimeUnit.SECONDS)
                            .choices()
                            .getFirst()
                            .text())
                    .isEqualTo(client.completions()
                            .create(params().seed(seed).build())
                            .choices()
                            .getFirst()
                            .text());
        }
    }

    @Test
    void chats() {
        ChatCompletionCreateParams params = ChatCompletionCreateParams.builder()
                .model("tales-small")
                .addUserMessage("Where is my dog?")
                .maxCompletionTokens(20)
                .temperature(0)
                .logprobs(true)
                .topLogprobs(2)
                .build();
        ChatCompletion whole = client.chat().completions().create(params);
        assertThat(whole.validate()).isNotNull();
        assertThat(whole.choices().getFirst().logprobs().orElseThrow().content().orElseThrow())
                .hasSize(20);
        try (StreamResponse<ChatCompletionChunk> stream =
                client.chat().completions().createStreaming(params)) {
            String joined = stream.stream()
                    .flatMap(chunk -> chunk.choices().stream())
                    .map(choice -> choice.delta().content().orElse(""))
                    .collect(Collectors.joining());
            assertThat(whole.choices().getFirst().message().content()).contains(joined);
        }
    }

    @Test
    void callsTools() {
        ChatCompletionCreateParams params = ChatCompletionCreateParams.builder()
                .model("tales-small")
                .addUserMessage("Where is my dog?")
                .addTool(ChatCompletionFunctionTool.builder()
                        .function(FunctionDefinition.builder()
                                .name("find")
                                .parameters(FunctionParameters.builder()
                                        .putAdditionalProperty("type", JsonValue.from("object"))
                                        .putAdditionalProperty(
                                                "properties",
                                                JsonValue.from(Map.of("animal", Map.of("enum", List.of("dog", "cat")))))
                                        .putAdditionalProperty("required", JsonValue.from(List.of("animal")))
                                        .build())
                                .build())
                        .build())
                .toolChoice(ChatCompletionToolChoiceOption.Auto.REQUIRED)
                .parallelToolCalls(false)
                .maxCompletionTokens(100)
                .temperature(0)
                .build();
        ChatCompletion whole = client.chat().completions().create(params);
        assertThat(whole.validate()).isNotNull();
        ChatCompletionAccumulator accumulator = ChatCompletionAccumulator.create();
        try (StreamResponse<ChatCompletionChunk> stream =
                client.chat().completions().createStreaming(params)) {
            stream.stream().forEach(accumulator::accumulate);
        }
        for (ChatCompletion each : List.of(whole, accumulator.chatCompletion())) {
            assertThat(each.choices().getFirst().finishReason())
                    .isEqualTo(ChatCompletion.Choice.FinishReason.TOOL_CALLS);
            ChatCompletionMessageFunctionToolCall.Function function = each.choices()
                    .getFirst()
                    .message()
                    .toolCalls()
                    .orElseThrow()
                    .getFirst()
                    .asFunction()
                    .function();
            assertThat(function.name()).isEqualTo("find");
            assertThat(function.arguments()).matches("\\{\"animal\": ?\"(dog|cat)\"}");
        }
    }

    /** The client tries again after 429, as it is told to. */
    @Test
    void retriesWhereTheQueueIsFull() throws Exception {
        EngineOptions narrow = EngineOptions.builder()
                .maxRunning(1)
                .maxWaiting(1)
                .stepTokens(64)
                .kvPositions(512)
                .build();
        try (TestServer full = new TestServer(ServerOptions.of("127.0.0.1", 0), narrow)) {
            OpenAIClient patient = OpenAIOkHttpClient.builder()
                    .baseUrl(full.url("/v1"))
                    .apiKey("none")
                    .maxRetries(20)
                    .build();
            List<CompletableFuture<Completion>> all = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                all.add(patient.async()
                        .completions()
                        .create(params().maxTokens(100).build()));
            }
            for (CompletableFuture<Completion> each : all) {
                assertThat(each.get(100, TimeUnit.SECONDS).choices()).hasSize(1);
            }
            assertThat(full.send("GET", "/metrics", "").body()).contains("status=\"429\"");
            patient.close();
        }
    }
}
