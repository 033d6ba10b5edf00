package io.karipap.chat.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Answers of every family, taken apart in one piece, split at every place, and character by character. */
class AnswerReaderTest {
    private static final Set<String> TOOLS = Set.of("weather", "now");
    private static final String SEATTLE = "{\"city\": \"Se\\\"attle}\", \"days\": [1, {\"a\": 2}]}";

    /** What an answer says, in short: t: text, r: thoughts, c: a call. */
    private static List<String> parts(AnswerReader reader, String... pieces) {
        List<AnswerPart> parts = new ArrayList<>();
        for (String piece : pieces) {
            parts.addAll(reader.read(piece));
        }
        parts.addAll(reader.finish());
        List<String> said = new ArrayList<>();
        for (AnswerPart part : parts) {
            String last = said.isEmpty() ? "" : said.getLast();
            String kind =
                    switch (part) {
                        case AnswerPart.Content content -> "t:";
                        case AnswerPart.Reasoning reasoning -> "r:";
                        case AnswerPart.CallStart start -> "c:" + start.name();
                        case AnswerPart.CallArguments arguments -> "c:";
                    };
            String text =
                    switch (part) {
                        case AnswerPart.Content(String content) -> content;
                        case AnswerPart.Reasoning(String reasoning) -> reasoning;
                        case AnswerPart.CallStart start -> " ";
                        case AnswerPart.CallArguments(String json) -> json;
                    };
            if (last.startsWith(kind) && !(part instanceof AnswerPart.CallStart)) {
                said.set(said.size() - 1, last + text);
            } else {
                said.add(kind + text);
            }
        }
        return said;
    }

    private static void check(ToolFormat format, String answer, String... expected) {
        check(format, null, false, answer, expected);
    }

    private static void check(
            ToolFormat format, ReasoningMarks marks, boolean inside, String answer, String... expected) {
        for (int at = 0; at <= answer.length(); at++) {
            assertThat(parts(reader(format, marks, inside), answer.substring(0, at), answer.substring(at)))
                    .as("split at %d of %s", at, answer)
                    .containsExactly(expected);
        }
        assertThat(parts(reader(format, marks, inside), answer.split(""))).containsExactly(expected);
    }

    private static AnswerReader reader(ToolFormat format, ReasoningMarks marks, boolean inside) {
        return new AnswerReader(
                marks == null ? null : new ReasoningReader(marks, inside),
                format == null ? null : format.reader(TOOLS::contains));
    }

    @Test
    void hermes() {
        ToolFormat format = new HermesFormat();
        String one = "<tool_call>\n{\"name\": \"weather\", \"arguments\": " + SEATTLE + "}\n</tool_call>";
        String call = "c:weather " + SEATTLE;
        check(format, one, call);
        check(format, one + "\n" + one, call, call);
        check(format, "I will look. \n" + one, "t:I will look.", call);
        check(format, one + "\nThat is it.", call, "t:\nThat is it.");
        check(format, "<tool_call>{\"arguments\": {\"x\": 1}, \"name\": \"now\"}</tool_call>", "c:now {\"x\": 1}");
        check(format, "<tool_call>{\"name\":\"now\"}</tool_call>", "c:now {}");
        check(format, "<tool_call>{\"name\":\"now\",\"arguments\":\"{\\\"a\\\":1}\"}</tool_call>", "c:now {\"a\":1}");
        check(format, "No <tool_ call> < here ", "t:No <tool_ call> < here ");
        check(format, "<tool_call>\n{\"name\": \"weather\", \"arguments\": {\"ci", "c:weather {\"ci");
        check(format, "{\"name\": \"weather\"}", "t:{\"name\": \"weather\"}");
    }

    @Test
    void llama() {
        ToolFormat format = new LlamaFormat();
        String one = "{\"name\": \"weather\", \"parameters\": " + SEATTLE + "}";
        String call = "c:weather " + SEATTLE;
        check(format, one, call);
        check(format, "\n" + one, call);
        check(format, "<|python_tag|>" + one, call);
        check(format, one + "; " + one, call, call);
        check(format, "{\"type\": \"function\", \"name\": \"now\", \"parameters\": {}}", "c:now {}");
        check(format, "{\"name\": \"Bob\", \"age\": 3}", "t:{\"name\": \"Bob\", \"age\": 3}");
        check(format, "{\"age\": 3}", "t:{\"age\": 3}");
        check(format, "[1, 2]", "t:[1, 2]");
        check(format, " The answer is {}", "t: The answer is {}");
    }

    @Test
    void mistral() {
        String call = "c:weather " + SEATTLE;
        ToolFormat list = new MistralListFormat();
        String object = "{\"name\": \"weather\", \"arguments\": " + SEATTLE + ", \"id\": \"abcdefghi\"}";
        check(list, "[TOOL_CALLS][" + object + "]", call);
        check(list, "[TOOL_CALLS] [" + object + ", " + object + "]", call, call);
        check(list, "Well [TOOL_CALLS][" + object + "]", "t:Well", call);
        check(list, "[1, 2] is a list", "t:[1, 2] is a list");
        ToolFormat named = new MistralNamedFormat();
        check(named, "[TOOL_CALLS]weather[ARGS]" + SEATTLE, call);
        check(named, "[TOOL_CALLS]weather[CALL_ID]abcdefghi[ARGS]" + SEATTLE, call);
        check(
                named,
                "Well\n[TOOL_CALLS]weather[ARGS]" + SEATTLE + "[TOOL_CALLS]now[ARGS]{}",
                "t:Well",
                call,
                "c:now {}");
        check(named, "plain text", "t:plain text");
    }

    @Test
    void generic() {
        ToolFormat format = new GenericFormat();
        String one = "{\"name\": \"weather\", \"parameters\": " + SEATTLE + "}";
        String call = "c:weather " + SEATTLE;
        check(format, one, call);
        check(format, "[" + one + ", " + one + "]", call, call);
        check(format, "```json\n" + one + "\n```", call);
        check(format, "```python\nprint(1)\n```", "t:```python\nprint(1)\n```");
        check(format, "Hello {", "t:Hello {");
    }

    @Test
    void thoughts() {
        ReasoningMarks marks = new ReasoningMarks("<think>", "</think>");
        check(null, marks, false, "<think>\nHm, a < b.\n</think>\n\nYes.", "r:Hm, a < b.", "t:Yes.");
        check(null, marks, true, "\nHm.\n</think>\n\nYes.", "r:Hm.", "t:Yes.");
        check(null, marks, true, "Hm, and then", "r:Hm, and then");
        check(null, marks, false, "<b>Yes.", "t:<b>Yes.");
        check(null, marks, false, "<think>\n\n</think>\n\nYes.", "t:Yes.");
        check(
                new HermesFormat(),
                marks,
                false,
                "<think>\nThe tool.\n</think>\n\n<tool_call>\n{\"name\": \"now\", \"arguments\": {}}\n</tool_call>",
                "r:The tool.",
                "c:now {}");
    }
}
