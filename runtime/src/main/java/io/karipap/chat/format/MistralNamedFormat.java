package io.karipap.chat.format;

import static io.karipap.grammar.Grammar.choice;
import static io.karipap.grammar.Grammar.optional;
import static io.karipap.grammar.Grammar.repeat;
import static io.karipap.grammar.Grammar.sequence;
import static io.karipap.grammar.Grammar.text;

import io.karipap.grammar.Grammar;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Mistral since 2025: {@code [TOOL_CALLS]name[ARGS]{…}}, one behind the other. */
record MistralNamedFormat() implements ToolFormat {
    private static final String MARK = MistralListFormat.MARK;
    private static final String ID = "[CALL_ID]";
    private static final String ARGUMENTS = "[ARGS]";

    @Override
    public List<String> marks() {
        return List.of(MARK, ID, ARGUMENTS);
    }

    @Override
    public CallReader reader(Predicate<String> known) {
        return new NamedCallReader(MARK, ID, ARGUMENTS);
    }

    @Override
    public Grammar calls(Map<String, Grammar> tools, boolean several, Marks marks) {
        List<Grammar> options = new ArrayList<>();
        tools.forEach((name, arguments) -> options.add(sequence(text(name), marks.grammar(ARGUMENTS), arguments)));
        Grammar call = sequence(marks.grammar(MARK), choice(options.toArray(Grammar[]::new)));
        return several ? repeat(call, 1, Grammar.UNBOUNDED) : call;
    }

    @Override
    public Grammar textOrCalls(Map<String, Grammar> tools, boolean several, Marks marks) {
        return sequence(marks.textBefore(MARK), optional(calls(tools, several, marks)));
    }

    @Override
    public String idPrefix() {
        return "";
    }

    @Override
    public int idLength() {
        return MistralListFormat.ID_LENGTH;
    }
}
