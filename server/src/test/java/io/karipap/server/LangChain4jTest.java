package io.karipap.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiLanguageModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.langchain4j.model.output.FinishReason;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** LangChain4j against a real server. */
@Timeout(120)
class LangChain4jTest {
    private static TestServer server;

    @BeforeAll
    static void start() throws IOException {
        server = new TestServer();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static OpenAiChatModel.OpenAiChatModelBuilder chat() {
        return OpenAiChatModel.builder()
                .baseUrl(server.url("/v1"))
                .apiKey("none")
                .modelName("tales-small")
                .temperature(0.7)
                .seed(3)
                .maxTokens(20)
                .maxRetries(0);
    }

    @Test
    void chats() {
        ChatResponse response =
                chat().build().chat(SystemMessage.from("Be kind."), UserMessage.from("Where is my dog?"));
        assertThat(response.aiMessage().text()).isNotBlank();
        assertThat(response.finishReason()).isEqualTo(FinishReason.LENGTH);
        assertThat(response.tokenUsage().outputTokenCount()).isEqualTo(20);
    }

    @Test
    void streams() throws Exception {
        StringBuilder pieces = new StringBuilder();
        CompletableFuture<ChatResponse> whole = new CompletableFuture<>();
        OpenAiStreamingChatModel.builder()
                .baseUrl(server.url("/v1"))
                .apiKey("none")
                .modelName("tales-small")
                .temperature(0.7)
                .seed(3)
                .maxTokens(20)
                .build()
                .chat("Where is my dog?", new StreamingChatResponseHandler() {
                    @Override
                    public void onPartialResponse(String partial) {
                        pieces.append(partial);
                    }

                    @Override
                    public void onCompleteResponse(ChatResponse response) {
                        whole.complete(response);
                    }

                    @Override
                    public void onError(Throwable error) {
                        whole.completeExceptionally(error);
                    }
                });
        ChatResponse response = whole.get(60, TimeUnit.SECONDS);
        assertThat(response.aiMessage().text()).isEqualTo(pieces.toString());
        assertThat(response.aiMessage().text()).isEqualTo(chat().build().chat("Where is my dog?"));
        assertThat(response.tokenUsage().outputTokenCount()).isEqualTo(20);
    }

    @Test
    void completes() {
        String text = OpenAiLanguageModel.builder()
                .baseUrl(server.url("/v1"))
                .apiKey("none")
                .modelName("tales-small")
                .temperature(0.0)
                .build()
                .generate("Once upon a time")
                .content();
        assertThat(text).isNotBlank();
    }

    @Test
    void asksForJson() {
        JsonSchema schema = JsonSchema.builder()
                .name("animal")
                .rootElement(JsonObjectSchema.builder()
                        .addEnumProperty("kind", List.of("dog", "cat"))
                        .addBooleanProperty("found")
                        .required("kind", "found")
                        .additionalProperties(false)
                        .build())
                .build();
        ChatRequest request = ChatRequest.builder()
                .messages(UserMessage.from("Where is my dog?"))
                .responseFormat(ResponseFormat.builder()
                        .type(ResponseFormatType.JSON)
                        .jsonSchema(schema)
                        .build())
                .build();
        String text = chat().strictJsonSchema(true)
                .maxTokens(60)
                .build()
                .chat(request)
                .aiMessage()
                .text();
        assertThat(TestServer.MAPPER.readTree(text).path("kind").asString()).isIn("dog", "cat");
    }

    @Test
    void callsTools() {
        ToolSpecification weather = ToolSpecification.builder()
                .name("weather")
                .description("The weather of a city")
                .parameters(JsonObjectSchema.builder()
                        .addEnumProperty("city", List.of("Rome", "Oslo"))
                        .addBooleanProperty("tomorrow")
                        .required("city", "tomorrow")
                        .additionalProperties(false)
                        .build())
                .build();
        UserMessage question = UserMessage.from("Where is my dog?");
        ChatRequest request = ChatRequest.builder()
                .messages(question)
                .toolSpecifications(weather)
                .toolChoice(ToolChoice.REQUIRED)
                .build();
        ChatResponse response =
                chat().parallelToolCalls(false).maxTokens(200).build().chat(request);
        assertThat(response.finishReason()).isEqualTo(FinishReason.TOOL_EXECUTION);
        ToolExecutionRequest call = response.aiMessage().toolExecutionRequests().getFirst();
        assertThat(call.name()).isEqualTo("weather");
        assertThat(TestServer.MAPPER.readTree(call.arguments()).path("city").asString())
                .isIn("Rome", "Oslo");
        ChatResponse answer =
                chat().build().chat(question, response.aiMessage(), ToolExecutionResultMessage.from(call, "sunny"));
        assertThat(answer.aiMessage().text()).isNotBlank();
    }

    @Test
    void errorsArriveAsItsExceptions() {
        assertThatThrownBy(() -> chat().modelName("other").build().chat("x"))
                .isInstanceOf(ModelNotFoundException.class);
        assertThatThrownBy(() -> chat().temperature(3.0).build().chat("x"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("temperature");
    }
}
