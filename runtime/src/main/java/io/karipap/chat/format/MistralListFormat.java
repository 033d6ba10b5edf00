package io.karipap.chat.format;

import static io.karipap.grammar.Grammar.optional;
import static io.karipap.grammar.Grammar.sequence;
import static io.karipap.grammar.Grammar.text;

import io.karipap.grammar.Grammar;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Mistral until 2024: {@code [TOOL_CALLS][{"name": …, "arguments": …}, …]}. */
record MistralListFormat() implements ToolFormat {
    static final String MARK = "[TOOL_CALLS]";

    /** The templates refuse ids of any other length. */
    static final int ID_LENGTH = 9;

    @Override
    public List<String> marks() {
        return List.of(MARK);
    }

    @Override
    public CallReader reader(Predicate<String> known) {
        return new JsonCallReader(MARK, "", false, known);
    }

    @Override
    public Grammar calls(Map<String, Grammar> tools, boolean several, Marks marks) {
        Grammar calls = CallForm.list(CallForm.object(tools, "arguments"), ", ", several);
        return sequence(marks.grammar(MARK), text("["), calls, text("]"));
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
        return ID_LENGTH;
    }
}
