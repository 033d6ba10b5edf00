package io.karipap.chat.format;

import static io.karipap.grammar.Grammar.choice;
import static io.karipap.grammar.Grammar.sequence;

import io.karipap.grammar.Grammar;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Llama 3.1 to 3.3: the answer is {@code {"name": …, "parameters": …}}, perhaps behind {@code <|python_tag|>}; one call an answer. */
record LlamaFormat() implements ToolFormat {
    private static final String MARK = "<|python_tag|>";

    @Override
    public List<String> marks() {
        return List.of(MARK);
    }

    @Override
    public CallReader reader(Predicate<String> known) {
        return new JsonCallReader(MARK, "", true, known);
    }

    @Override
    public Grammar calls(Map<String, Grammar> tools, boolean several, Marks marks) {
        return CallForm.object(tools, "parameters");
    }

    @Override
    public Grammar textOrCalls(Map<String, Grammar> tools, boolean several, Marks marks) {
        Grammar call = calls(tools, several, marks);
        return choice(
                call, sequence(marks.grammar(MARK), call), OtherText.notBeginningWith(CallForm.beginnings(tools)));
    }
}
