package io.karipap.chat.format;

import static io.karipap.grammar.Grammar.choice;
import static io.karipap.grammar.Grammar.optional;
import static io.karipap.grammar.Grammar.repeat;
import static io.karipap.grammar.Grammar.sequence;
import static io.karipap.grammar.Grammar.text;

import io.karipap.grammar.Grammar;
import io.karipap.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Forms that several formats have in common. */
final class CallForm {
    private static final Grammar SPACE = optional(text(" "));

    private CallForm() {}

    /** A JSON object with the name of a tool, then its arguments under {@code member}. */
    static Grammar object(Map<String, Grammar> tools, String member) {
        List<Grammar> options = new ArrayList<>();
        tools.forEach((name, arguments) -> options.add(sequence(
                text("{\"name\":"),
                SPACE,
                text(Json.text(name) + ","),
                SPACE,
                text("\"" + member + "\":"),
                SPACE,
                arguments,
                text("}"))));
        return choice(options.toArray(Grammar[]::new));
    }

    /** What an answer begins with that is such an object. */
    static List<String> beginnings(Map<String, Grammar> tools) {
        List<String> beginnings = new ArrayList<>();
        for (String name : tools.keySet()) {
            beginnings.add("{\"name\":" + Json.text(name));
            beginnings.add("{\"name\": " + Json.text(name));
        }
        return beginnings;
    }

    /** One or, if {@code several}, more of {@code element} with {@code separator} between them. */
    static Grammar list(Grammar element, String separator, boolean several) {
        return several ? sequence(element, repeat(sequence(text(separator), element), 0, Grammar.UNBOUNDED)) : element;
    }
}
