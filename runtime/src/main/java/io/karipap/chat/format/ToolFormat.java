package io.karipap.chat.format;

import io.karipap.grammar.Grammar;
import io.karipap.tokenizer.chat.ChatPrompt;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** How a family of models writes calls of tools. */
sealed interface ToolFormat permits HermesFormat, LlamaFormat, MistralListFormat, MistralNamedFormat, GenericFormat {
    /** In ids that we make up. */
    int ID_LENGTH = 24;

    /**
     * The format that a template teaches; absent where the template writes tools in a way that is not known here.
     *
     * @param template Jinja source
     */
    static Optional<ToolFormat> of(String template) {
        if (template.contains("[TOOL_CALLS]")) {
            return Optional.of(template.contains("[ARGS]") ? new MistralNamedFormat() : new MistralListFormat());
        }
        boolean xml = template.contains("<function=") || template.contains("<arg_key>");
        if (template.contains("<tool_call>") && !xml) {
            return Optional.of(new HermesFormat());
        }
        if (template.contains("{\"name\": function name")) {
            return Optional.of(new LlamaFormat());
        }
        return Pattern.compile("\\b(tools|functions|functools)\\b")
                        .matcher(template)
                        .find()
                ? Optional.empty()
                : Optional.of(new GenericFormat());
    }

    /** What stands around calls. */
    List<String> marks();

    /**
     * Finds calls in an answer.
     *
     * @param known names of the tools
     */
    CallReader reader(Predicate<String> known);

    /**
     * The form of one call.
     *
     * @param tools forms of the arguments by name of the tool
     * @param several whether more calls may follow
     */
    Grammar calls(Map<String, Grammar> tools, boolean several, Marks marks);

    /** The form of an answer that is text, calls, or text and then calls; as soon as a call begins, all of it has the form of one. */
    Grammar textOrCalls(Map<String, Grammar> tools, boolean several, Marks marks);

    /** What the template is given, where it is to be given anything else than what was asked. */
    default ChatPrompt prompt(ChatPrompt asked) {
        return asked;
    }

    /** Characters of an id behind {@code call_}; of a format that takes its ids from a prompt again, all there are. */
    default String idPrefix() {
        return "call_";
    }

    /** Number of characters behind {@link #idPrefix}. */
    default int idLength() {
        return ID_LENGTH;
    }
}
