package io.karipap.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionFunctionTool;
import com.openai.models.chat.completions.ChatCompletionMessageFunctionToolCall;
import com.openai.models.chat.completions.ChatCompletionToolChoiceOption;
import com.openai.models.completions.Completion;
import com.openai.models.completions.CompletionCreateParams;
import io.karipap.generate.LanguageModel;
import io.karipap.testing.TestData;
import io.karipap.tokenizer.chat.ChatTemplateLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** Qwen2.5-Coder 0.5B by OpenAI's own client: calls of tools in its own format, and texts between two others. */
@Timeout(1800)
class RealToolsTest {
    private static final List<String> QUESTIONS = List.of(
            "What is the weather in Paris tomorrow?",
            "Will it rain in Oslo in three days?",
            "Tell me a joke.",
            "How warm is it in Rome, in Celsius?");

    private static KaripapServer server;
    private static OpenAIClient client;
    private static String name;

    @BeforeAll
    static void start() throws Exception {
        Path file = TestData.require("models/real/Qwen2.5-Coder-0.5B-Instruct.Q4_K_M.gguf");
        LanguageModel model = LanguageModel.load(file);
        name = model.name();
        ServedModel served = ServedModel.builder(model)
                .chatTemplate(ChatTemplateLoader.load(file).orElseThrow())
                .build();
        server = KaripapServer.start(served, ServerOptions.of("127.0.0.1", 0));
        client = OpenAIOkHttpClient.builder()
                .baseUrl("http://127.0.0.1:" + server.port() + "/v1")
                .apiKey("none")
                .build();
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            client.close();
            server.close();
        }
    }

    private static ChatCompletionCreateParams.Builder ask(String question) {
        FunctionParameters parameters = FunctionParameters.builder()
                .putAdditionalProperty("type", JsonValue.from("object"))
                .putAdditionalProperty(
                        "properties",
                        JsonValue.from(Map.of(
                                "city", Map.of("type", "string", "maxLength", 30),
                                "days", Map.of("type", "integer", "minimum", 0, "maximum", 14),
                                "unit", Map.of("enum", List.of("celsius", "fahrenheit")))))
                .putAdditionalProperty("required", JsonValue.from(List.of("city", "days", "unit")))
                .putAdditionalProperty("additionalProperties", JsonValue.from(false))
                .build();
        return ChatCompletionCreateParams.builder()
                .model(name)
                .addUserMessage(question)
                .maxCompletionTokens(150)
                .addTool(ChatCompletionFunctionTool.builder()
                        .function(FunctionDefinition.builder()
                                .name("get_weather")
                                .description("Weather of a city, so many days from now")
                                .parameters(parameters)
                                .build())
                        .build())
                .toolChoice(ChatCompletionToolChoiceOption.Auto.REQUIRED);
    }

    private static JsonNode arguments(ChatCompletionCreateParams params) {
        ChatCompletion completion = client.chat().completions().create(params);
        assertThat(completion.validate()).isNotNull();
        assertThat(completion.choices().getFirst().finishReason())
                .isEqualTo(ChatCompletion.Choice.FinishReason.TOOL_CALLS);
        ChatCompletionMessageFunctionToolCall call = completion
                .choices()
                .getFirst()
                .message()
                .toolCalls()
                .orElseThrow()
                .getFirst()
                .asFunction();
        assertThat(call.function().name()).isEqualTo("get_weather");
        JsonNode arguments = TestServer.MAPPER.readTree(call.function().arguments());
        assertThat(arguments.path("days").isIntegralNumber()).isTrue();
        assertThat(arguments.path("days").asInt()).isBetween(0, 14);
        assertThat(arguments.path("unit").asString()).isIn("celsius", "fahrenheit");
        assertThat(arguments.path("city").isString()).isTrue();
        assertThat(arguments.size()).isEqualTo(3);
        return arguments;
    }

    @Test
    void aRequiredCallSaysWhatWasAsked() {
        JsonNode arguments = arguments(ask(QUESTIONS.getFirst())
                .temperature(0)
                .parallelToolCalls(false)
                .build());
        assertThat(arguments.path("city").asString()).containsIgnoringCase("Paris");
    }

    @Test
    void requiredCallsAreValid() {
        callsAreValid(4);
    }

    @Test
    @Tag("campaign")
    void twoHundredRequiredCallsAreValid() {
        callsAreValid(200);
    }

    private static void callsAreValid(int count) {
        for (int i = 0; i < count; i++) {
            arguments(ask(QUESTIONS.get(i % QUESTIONS.size()))
                    .temperature(1)
                    .putAdditionalBodyProperty("seed", JsonValue.from(i))
                    .parallelToolCalls(false)
                    .build());
        }
    }

    @Test
    void fillsInTheMiddle() {
        Completion completion = client.completions()
                .create(CompletionCreateParams.builder()
                        .model(name)
                        .prompt("def add(a, b):\n    return ")
                        .suffix("\n\nprint(add(1, 2))\n")
                        .maxTokens(20)
                        .temperature(0)
                        .build());
        assertThat(completion.choices().getFirst().text().strip()).startsWith("a + b");
    }
}
