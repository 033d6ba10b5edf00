package io.karipap.tokenizer.jinja;

import java.time.LocalDateTime;
import java.util.BitSet;
import java.util.List;
import java.util.Map;

/** A template, parsed. Immutable and thread-safe. */
public final class Template {
    private final List<Statement> statements;

    private Template(List<Statement> statements) {
        this.statements = statements;
    }

    /**
     * Parses a template.
     *
     * @throws TemplateException if it is malformed, or uses a tag, filter or test that there is not; the message names its line
     */
    public static Template parse(String source) {
        return new Template(StatementParser.parse(source));
    }

    /**
     * What a template makes of its variables.
     *
     * @param text the rendered text
     * @param outside positions in it (UTF-16) of characters that came from outside
     */
    public record Rendered(String text, BitSet outside) {}

    /**
     * Renders the template.
     *
     * @param own variables of the model: special tokens, switches
     * @param outside variables from outside: messages, tools, documents
     * @param now what {@code strftime_now} tells
     * @throws Refusal if the template refuses what it was given
     * @throws TemplateException if it fails, or takes more steps, depth or characters than a rendering may
     * @throws IllegalArgumentException if a variable is not made of maps, lists, strings, numbers and booleans only
     */
    public Rendered render(Map<String, ?> own, Map<String, ?> outside, LocalDateTime now) {
        Frame globals = new Frame(null);
        Globals.define(globals, now);
        own.forEach((name, value) -> globals.set(name, Values.of(value, false)));
        outside.forEach((name, value) ->
                globals.set(name, name.equals("messages") ? Values.messages(value) : Values.of(value, true)));
        Text text = new Renderer(new Budget()).render(statements, new Frame(globals));
        return new Rendered(text.value(), (BitSet) text.outside().clone());
    }
}
