package io.karipap.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

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
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Every field of {@code /v1/completions}. */
@Timeout(120)
class CompletionFieldsTest {
    private static TestServer server;

    @BeforeAll
    static void start() throws IOException {
        server = new TestServer();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static JsonNode complete(String prompt, String more) throws Exception {
        String body = "{\"model\":\"tales-small\",\"prompt\":" + prompt + "," + more + "}";
        return Shapes.check(server.complete(body), "completion");
    }

    private static List<String> texts(JsonNode response) {
        List<String> texts = new ArrayList<>();
        int index = 0;
        for (JsonNode choice : response.path("choices")) {
            assertThat(choice.path("index").asInt()).isEqualTo(index++);
            texts.add(choice.path("text").asString());
        }
        return texts;
    }

    @Test
    void fourFormsOfPrompts() throws Exception {
        String options = "\"max_tokens\":8,\"temperature\":0";
        List<String> one = texts(complete("\"Once upon a time\"", options));
        List<String> other = texts(complete("\"The little dog\"", options));
        assertThat(texts(complete("[\"Once upon a time\",\"The little dog\"]", options)))
                .containsExactly(one.getFirst(), other.getFirst());
        String ids = "[781,555,258,517]";
        assertThat(texts(complete(ids, options))).isEqualTo(one);
        assertThat(texts(complete("[" + ids + "," + ids + "]", options)))
                .containsExactly(one.getFirst(), one.getFirst());
    }

    @Test
    void severalTextsOfAPrompt() throws Exception {
        String options = "\"max_tokens\":20,\"temperature\":1,\"seed\":3";
        JsonNode response = complete("[\"Once upon\",\"Two little\"]", options + ",\"n\":3");
        List<String> texts = texts(response);
        assertThat(texts).hasSize(6).doesNotHaveDuplicates();
        assertThat(texts.get(0))
                .isEqualTo(texts(complete("\"Once upon\"", options)).getFirst());
        assertThat(texts.get(3))
                .isEqualTo(texts(complete("\"Two little\"", options)).getFirst());
        assertThat(response.path("usage").path("completion_tokens").asInt()).isEqualTo(120);
        assertThat(response.path("usage").path("prompt_tokens").asInt()).isLessThan(10);
        assertThat(texts(complete("\"Once upon\"", options + ",\"n\":3"))).isEqualTo(texts.subList(0, 3));
    }

    @Test
    void theBestOfSeveralTexts() throws Exception {
        String options = "\"max_tokens\":12,\"temperature\":1,\"seed\":5";
        JsonNode all = complete("\"Once upon\"", options + ",\"n\":6,\"logprobs\":0");
        double best = Double.NEGATIVE_INFINITY;
        String expected = "";
        for (JsonNode choice : all.path("choices")) {
            double sum = 0;
            JsonNode values = choice.path("logprobs").path("token_logprobs");
            for (JsonNode value : values) {
                sum += value.asDouble();
            }
            if (sum / values.size() > best) {
                best = sum / values.size();
                expected = choice.path("text").asString();
            }
        }
        JsonNode response = complete("\"Once upon\"", options + ",\"best_of\":6");
        assertThat(texts(response)).containsExactly(expected);
        assertThat(response.path("choices").path(0).get("logprobs").isNull()).isTrue();
        assertThat(response.path("usage").path("completion_tokens").asInt()).isGreaterThan(12);
    }

    /** As lm-evaluation-harness asks and slices. */
    @Test
    void echoScoresThePrompt() throws Exception {
        String context = "[781,555,258,517,11,325]";
        JsonNode choice = complete(
                        context, "\"max_tokens\":1,\"temperature\":0,\"logprobs\":1,\"echo\":true,\"seed\":1234")
                .path("choices")
                .path(0);
        JsonNode logprobs = choice.path("logprobs");
        for (String array : List.of("tokens", "token_logprobs", "top_logprobs", "text_offset")) {
            assertThat(logprobs.path(array).size()).as(array).isEqualTo(7);
        }
        assertThat(logprobs.path("token_logprobs").get(0).isNull()).isTrue();
        assertThat(logprobs.path("top_logprobs").get(0).isNull()).isTrue();
        StringBuilder joined = new StringBuilder();
        for (int i = 0; i < 7; i++) {
            assertThat(logprobs.path("text_offset").get(i).asInt()).isEqualTo(joined.length());
            String token = logprobs.path("tokens").get(i).asString();
            joined.append(token);
            if (i > 0) {
                // the harness compares these floats with ==
                double value = logprobs.path("token_logprobs").get(i).asDouble();
                assertThat(logprobs.path("top_logprobs").get(i).path(token).asDouble())
                        .isEqualTo(value);
            }
        }
        assertThat(choice.path("text").asString()).isEqualTo(joined.toString()).startsWith("Once upon a time");
        JsonNode scored = complete(context, "\"max_tokens\":0,\"logprobs\":1,\"echo\":true")
                .path("choices")
                .path(0);
        assertThat(scored.path("logprobs").path("token_logprobs").size()).isEqualTo(6);
        for (int i = 1; i < 6; i++) {
            assertThat(scored.path("logprobs").path("token_logprobs").get(i))
                    .isEqualTo(logprobs.path("token_logprobs").get(i));
        }
        assertThat(scored.path("finish_reason").asString()).isEqualTo("length");
    }

    @Test
    void echoWithoutLogprobsAndInAStream() throws Exception {
        String options = "\"max_tokens\":10,\"temperature\":0,\"echo\":true";
        String whole = texts(complete("\"Once upon a time\"", options)).getFirst();
        assertThat(whole).startsWith("Once upon a time");
        List<JsonNode> chunks = stream("\"Once upon a time\"", options + ",\"logprobs\":2");
        StringBuilder text = new StringBuilder();
        int tokens = 0;
        for (JsonNode chunk : chunks) {
            JsonNode choice = chunk.path("choices").path(0);
            text.append(choice.path("text").asString());
            tokens += choice.path("logprobs").path("tokens").size();
        }
        assertThat(text.toString()).isEqualTo(whole);
        assertThat(tokens).isEqualTo(14);
    }

    private static List<JsonNode> stream(String prompt, String options) throws Exception {
        String body = "{\"model\":\"tales-small\",\"stream\":true,\"prompt\":" + prompt + "," + options + "}";
        HttpResponse<String> response = server.send("POST", "/v1/completions", body);
        assertThat(response.statusCode()).isEqualTo(200);
        return Shapes.chunks(response.body(), "completionChunk");
    }

    @Test
    void streamsOfSeveralTextsJoinToTheWholeOnes() throws Exception {
        String options = "\"max_tokens\":15,\"temperature\":1,\"seed\":8,\"n\":2,\"return_token_ids\":true";
        JsonNode whole = complete("[\"Once upon\",\"Two little\"]", options);
        String[] texts = {"", "", "", ""};
        int[] ids = new int[4];
        String[] reasons = new String[4];
        for (JsonNode chunk : stream("[\"Once upon\",\"Two little\"]", options)) {
            JsonNode choice = chunk.path("choices").path(0);
            int index = choice.path("index").asInt();
            assertThat(reasons[index]).as("nothing comes after the end").isNull();
            texts[index] += choice.path("text").asString();
            ids[index] += choice.path("token_ids").size();
            reasons[index] = choice.path("finish_reason").asString(null);
        }
        assertThat(texts).containsExactlyElementsOf(texts(whole));
        assertThat(ids).containsOnly(15);
        assertThat(reasons).containsOnly("length");
        assertThat(whole.path("choices").path(0).path("token_ids").size()).isEqualTo(15);
        assertThat(whole.path("choices").path(0).path("prompt_token_ids").size())
                .isGreaterThan(1);
    }

    @Test
    void stopTokensMinTokensAndIgnoreEos() throws Exception {
        JsonNode plain =
                complete("\"Once upon a time\"", "\"max_tokens\":30,\"temperature\":0,\"return_token_ids\":true");
        int third = plain.path("choices").path(0).path("token_ids").get(2).asInt();
        JsonNode stopped = complete(
                "\"Once upon a time\"",
                "\"max_tokens\":30,\"temperature\":0,\"stop_token_ids\":[" + third + "],\"return_token_ids\":true");
        assertThat(stopped.path("choices").path(0).path("token_ids").size()).isLessThanOrEqualTo(3);
        assertThat(stopped.path("choices").path(0).path("finish_reason").asString())
                .isEqualTo("stop");
        JsonNode long1 = complete(
                "\"Once upon a time\"",
                "\"max_tokens\":30,\"temperature\":0,\"min_tokens\":20,\"stop_token_ids\":[" + third
                        + "],\"return_token_ids\":true");
        assertThat(long1.path("choices").path(0).path("token_ids").size()).isGreaterThanOrEqualTo(20);
        assertThat(complete("\"The end.\"", "\"max_tokens\":300,\"temperature\":0,\"ignore_eos\":true")
                        .path("usage")
                        .path("completion_tokens")
                        .asInt())
                .isEqualTo(300);
    }

    @Test
    void biasAndPenaltiesChangeTheText() throws Exception {
        String options = "\"max_tokens\":30,\"temperature\":0,\"ignore_eos\":true";
        String plain = texts(complete("\"Once upon a time\"", options)).getFirst();
        for (String more : List.of(
                "\"logit_bias\":{\"11\":-100}",
                "\"frequency_penalty\":2",
                "\"presence_penalty\":2",
                "\"repetition_penalty\":3")) {
            assertThat(texts(complete("\"Once upon a time\"", options + "," + more))
                            .getFirst())
                    .as(more)
                    .isNotEqualTo(plain);
        }
        assertThat(texts(complete("\"Once upon a time\"", options + ",\"logit_bias\":{\"11\":-100}"))
                        .getFirst())
                .doesNotStartWith(",");
        assertThat(texts(complete("\"Once upon a time\"", options + ",\"logit_bias\":{}"))
                        .getFirst())
                .isEqualTo(plain);
    }

    @Test
    void logprobsAreThoseOfTheModel() throws Exception {
        String options = "\"max_tokens\":5,\"temperature\":0,\"logprobs\":20";
        JsonNode cold = complete("\"Once upon a time\"", options)
                .path("choices")
                .path(0)
                .path("logprobs");
        JsonNode biased = complete("\"Once upon a time\"", options + ",\"logit_bias\":{\"4000\":100}")
                .path("choices")
                .path(0)
                .path("logprobs");
        double sum = 0;
        for (JsonNode each : cold.path("top_logprobs").get(0)) {
            sum += Math.exp(each.asDouble());
        }
        assertThat(sum).isBetween(0.3, 1.0 + 1e-5);
        assertThat(cold.path("top_logprobs").get(0).size()).isEqualTo(20);
        assertThat(biased.path("top_logprobs").get(0).size()).isEqualTo(21);
        assertThat(biased.path("token_logprobs").get(0).asDouble()).isLessThan(-5);
        String first = cold.path("tokens").get(0).asString();
        assertThat(biased.path("top_logprobs").get(0).path(first).asDouble())
                .isCloseTo(cold.path("token_logprobs").get(0).asDouble(), within(0.0));
    }

    @Test
    void aSharedPrefixIsCounted() throws Exception {
        String prompt = "\"" + "The king of the old house went to the river. ".repeat(12) + "\"";
        String options = "\"max_tokens\":2,\"temperature\":0";
        complete(prompt, options);
        JsonNode usage = complete(prompt, options).path("usage");
        int tokens = usage.path("prompt_tokens").asInt();
        assertThat(tokens).isGreaterThan(100);
        assertThat(usage.path("prompt_tokens_details").path("cached_tokens").asInt())
                .isBetween(tokens - 65, tokens - 1);
    }

    @Test
    void tokenizeAndDetokenize() throws Exception {
        JsonNode tokens = Shapes.check(
                server.post("/tokenize", "{\"model\":\"tales-small\",\"prompt\":\"Once upon a time\"}"), "tokens");
        assertThat(tokens.path("tokens").toString()).isEqualTo("[781,555,258,517]");
        assertThat(tokens.path("count").asInt()).isEqualTo(4);
        assertThat(server.post("/detokenize", "{\"model\":\"tales-small\",\"tokens\":[781,555,258,517]}")
                        .path("prompt")
                        .asString())
                .isEqualTo("Once upon a time");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"prompt\":[]                                     | prompt",
                "\"prompt\":[[]]                                   | prompt",
                "\"prompt\":[\"a\",1]                              | prompt",
                "\"prompt\":[1,\"a\"]                              | prompt",
                "\"prompt\":[[1],\"a\"]                            | prompt",
                "\"prompt\":[1.5]                                  | prompt",
                "\"prompt\":[-1]                                   | prompt",
                "\"prompt\":[99999999999]                          | prompt",
                "\"prompt\":[\"a\",\"\"]                           | prompt",
                "\"prompt\":\"x\",\"n\":0                          | n",
                "\"prompt\":\"x\",\"n\":129                        | n",
                "\"prompt\":\"x\",\"n\":3,\"best_of\":2            | best_of",
                "\"prompt\":\"x\",\"best_of\":2,\"stream\":true    | best_of",
                "\"prompt\":[\"a\",\"b\"],\"n\":100                | n",
                "\"prompt\":\"x\",\"logprobs\":21                  | logprobs",
                "\"prompt\":\"x\",\"logprobs\":true                | logprobs",
                "\"prompt\":\"x\",\"echo\":1                       | echo",
                "\"prompt\":\"x\",\"suffix\":\"y\"                 | suffix",
                "\"prompt\":\"x\",\"logit_bias\":{\"a\":1}         | logit_bias",
                "\"prompt\":\"x\",\"logit_bias\":{\"1\":101}       | logit_bias",
                "\"prompt\":\"x\",\"logit_bias\":{\"4096\":1}      | logit_bias",
                "\"prompt\":\"x\",\"logit_bias\":[]                | logit_bias",
                "\"prompt\":\"x\",\"presence_penalty\":2.1         | presence_penalty",
                "\"prompt\":\"x\",\"frequency_penalty\":\"1\"      | frequency_penalty",
                "\"prompt\":\"x\",\"repetition_penalty\":0         | repetition_penalty",
                "\"prompt\":\"x\",\"stop\":[\"a\",\"b\",\"c\",\"d\",\"e\"] | stop",
                "\"prompt\":\"x\",\"stop\":\"\"                    | stop",
                "\"prompt\":\"x\",\"stop_token_ids\":[5000]        | stop_token_ids",
                "\"prompt\":\"x\",\"min_tokens\":-1                | min_tokens",
                "\"prompt\":\"x\",\"top_k\":-1                     | top_k",
                "\"prompt\":\"x\",\"min_p\":2                      | min_p",
                "\"prompt\":\"x\",\"stream\":true,\"stream_options\":1 | stream_options",
            })
    void wrongFieldsAreNamed(String fields, String param) throws Exception {
        HttpResponse<String> response =
                server.send("POST", "/v1/completions", "{\"model\":\"tales-small\"," + fields + "}");
        assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
        JsonNode error = Shapes.check(TestServer.MAPPER.readTree(response.body()), "error");
        assertThat(error.path("error").path("param").asString()).isEqualTo(param);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"suffix", "user", "n", "stop", "logprobs", "seed", "max_tokens", "stream_options", "best_of"})
    void nullMeansAbsentAndUnknownFieldsAreIgnored(String field) throws Exception {
        assertThat(complete("\"Once\"", "\"frobnicate\":[1],\"" + field + "\":null")
                        .path("choices")
                        .size())
                .isEqualTo(1);
    }

    @Test
    void modelsAndAliases() throws Exception {
        JsonNode models = Shapes.check(
                TestServer.MAPPER.readTree(server.send("GET", "/v1/models", "").body()), "models");
        assertThat(models.path("data").size()).isEqualTo(2);
        Shapes.check(
                TestServer.MAPPER.readTree(
                        server.send("GET", "/v1/models/org%2Ftales", "").body()),
                "model");
        assertThat(server.complete("{\"model\":\"org/tales\",\"prompt\":\"x\",\"max_tokens\":1}")
                        .path("model")
                        .asString())
                .isEqualTo("org/tales");
    }
}
