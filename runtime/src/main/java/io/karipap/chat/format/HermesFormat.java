package io.karipap.chat.format;

import static io.karipap.grammar.Grammar.optional;
import static io.karipap.grammar.Grammar.sequence;
import static io.karipap.grammar.Grammar.text;

import io.karipap.grammar.Grammar;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Hermes, Qwen, SmolLM3: {@code <tool_call>}, a line with {@code {"name": …, "arguments": …}}, {@code </tool_call>}. */
record HermesFormat() implements ToolFormat {
    private static final String OPEN = "<tool_call>";
    private static final String CLOSE = "</tool_call>";

    @Override
    public List<String> marks() {
        return List.of(OPEN, CLOSE);
    }

    @Override
    public CallReader reader(Predicate<String> known) {
        return new JsonCallReader(OPEN, CLOSE, false, known);
    }

    @Override
    public Grammar calls(Map<String, Grammar> tools, boolean several, Marks marks) {
        Grammar call = sequence(
                marks.grammar(OPEN), text("\n"), CallForm.object(tools, "arguments"), text("\n"), marks.grammar(CLOSE));
        return CallForm.list(call, "\n", several);
    }

    @Override
    public Grammar textOrCalls(Map<String, Grammar> tools, boolean several, Marks marks) {
        return sequence(marks.textBefore(OPEN), optional(calls(tools, several, marks)));
    }
}
