package io.karipap.chat.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.karipap.grammar.Grammar;
import io.karipap.grammar.GrammarCursor;
import io.karipap.grammar.JsonSchema;
import io.karipap.grammar.VocabularyTrie;
import io.karipap.json.Json;
import io.karipap.testing.TestData;
import io.karipap.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Texts drawn by the grammars of calls are calls, with arguments by the schema of their tool. */
class CallGrammarTest {
    private static Tokenizer tokenizer;
    private static VocabularyTrie vocabulary;
    private static Marks marks;
    private static Map<String, Grammar> tools;

    @BeforeAll
    static void read() throws IOException {
        tokenizer = Tokenizer.load(TestData.TALES);
        vocabulary = new VocabularyTrie(tokenizer);
        marks = new Marks(tokenizer);
        tools = new LinkedHashMap<>();
        tools.put("now", Grammar.text("{}"));
        tools.put(
                "weather",
                JsonSchema.grammar(
                        "{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\",\"maxLength\":6},"
                                + "\"days\":{\"type\":\"integer\",\"minimum\":1,\"maximum\":9}},\"required\":[\"city\",\"days\"],"
                                + "\"additionalProperties\":false}"));
    }

    static List<ToolFormat> formats() {
        return List.of(
                new HermesFormat(),
                new LlamaFormat(),
                new MistralListFormat(),
                new MistralNamedFormat(),
                new GenericFormat());
    }

    /** A text drawn at random. */
    private static String draw(Grammar grammar, SplittableRandom random) {
        GrammarCursor cursor = new GrammarCursor(grammar, vocabulary);
        List<Integer> ids = new ArrayList<>();
        while (!cursor.finished()) {
            BitSet allowed = cursor.allowed();
            if (cursor.complete() && (ids.size() > 100 || random.nextInt(3) == 0)) {
                break;
            }
            int[] choices = allowed.stream().toArray();
            int id = choices[random.nextInt(choices.length)];
            ids.add(id);
            cursor.accept(tokenizer.tokenBytes(id));
        }
        return tokenizer.decode(ids.stream().mapToInt(Integer::intValue).toArray());
    }

    private static List<AnswerPart> read(ToolFormat format, String text) {
        AnswerReader reader = new AnswerReader(null, format.reader(tools::containsKey));
        List<AnswerPart> parts = new ArrayList<>(reader.read(text));
        parts.addAll(reader.finish());
        return parts;
    }

    private static int countCalls(List<AnswerPart> parts, String text) {
        int calls = 0;
        for (int i = 0; i < parts.size(); i++) {
            if (parts.get(i) instanceof AnswerPart.CallStart(String name)) {
                calls++;
                JsonNode arguments = Json.parse(((AnswerPart.CallArguments) parts.get(i + 1)).json());
                if (name.equals("now")) {
                    assertThat(arguments.isEmpty()).as(text).isTrue();
                } else {
                    assertThat(name).isEqualTo("weather");
                    assertThat(arguments.path("days").asInt()).as(text).isBetween(1, 9);
                    assertThat(arguments.path("city").isString()).as(text).isTrue();
                    assertThat(arguments.size()).isEqualTo(2);
                }
            }
        }
        return calls;
    }

    @ParameterizedTest
    @MethodSource("formats")
    void whatIsRequiredIsCalled(ToolFormat format) {
        SplittableRandom random = new SplittableRandom(1);
        int most = 0;
        for (int i = 0; i < 60; i++) {
            String one = draw(format.calls(tools, false, marks), random);
            assertThat(read(format, one)).as(one).allMatch(part -> !(part instanceof AnswerPart.Content));
            assertThat(countCalls(read(format, one), one)).as(one).isEqualTo(1);
            String several = draw(format.calls(tools, true, marks), random);
            int calls = countCalls(read(format, several), several);
            assertThat(calls).as(several).isPositive();
            most = Math.max(most, calls);
        }
        assertThat(most).isGreaterThan(format instanceof LlamaFormat ? 0 : 1);
    }

    /** Whatever an answer says: where it begins a call, it is one. */
    @ParameterizedTest
    @MethodSource("formats")
    void aCallThatIsBegunIsOne(ToolFormat format) {
        Grammar grammar = format.textOrCalls(tools, true, marks);
        String mark = format.marks().isEmpty() ? "" : format.marks().getFirst();
        for (String text : List.of("Hello there.", "<tool", "[TOOL", "{\"age\": 1}", "{\"name\": \"Bob\"}", "")) {
            assertThat(accepts(grammar, text)).as(text).isTrue();
        }
        boolean named = format instanceof MistralNamedFormat;
        String call = named ? "weather[ARGS]" : "{\"name\": \"weather\", \"";
        String before = format instanceof HermesFormat
                ? mark + "\n"
                : format instanceof MistralListFormat ? mark + "[" : named ? mark : "";
        assertThat(accepts(grammar, before + call + (named ? "{\"city\": 1" : "arguments\": {\"city\": 1")))
                .isFalse();
        assertThat(accepts(grammar, before + call + (named ? "{\"city\": 1" : "parameters\": {\"city\": 1")))
                .isFalse();
        assertThat(accepts(grammar, before + call)).as("a beginning").isTrue();
    }

    /** Whether a text of the grammar may begin so. */
    private static boolean accepts(Grammar grammar, String text) {
        GrammarCursor cursor = new GrammarCursor(grammar, vocabulary);
        try {
            cursor.accept(text.getBytes(StandardCharsets.UTF_8));
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
