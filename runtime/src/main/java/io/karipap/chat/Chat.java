package io.karipap.chat;

import io.karipap.chat.format.AnswerForm;
import io.karipap.chat.format.AnswerReader;
import io.karipap.chat.format.CallRules;
import io.karipap.generate.FinishReason;
import io.karipap.generate.GenerationOptions;
import io.karipap.generate.LanguageModel;
import io.karipap.generate.TextStream;
import io.karipap.grammar.Grammar;
import io.karipap.grammar.JsonSchema;
import io.karipap.json.Json;
import io.karipap.tokenizer.chat.ChatPrompt;
import io.karipap.tokenizer.chat.ChatTemplate;
import io.karipap.tokenizer.chat.ChatTemplateException;
import io.karipap.tokenizer.chat.PromptEnd;
import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Asks a model for answers to messages, by its own chat template. Thread-safe.
 *
 * <pre>{@code
 * record City(String name, String country, int population) {}
 *
 * Chat chat = Chat.of(model);
 * City city = chat.answer(List.of(ChatMessage.user("The largest city of Japan?")), City.class);
 * }</pre>
 *
 * <p>A record stands for a JSON object with its components: strings, numbers, booleans, enums, other records, lists, sets, arrays, maps from
 * strings, and optionals for what may be left out. In a named module its package has to be open to {@code tools.jackson.databind}.
 *
 * @since 0.1
 */
public final class Chat {
    private final LanguageModel model;
    private final ChatTemplate template;
    private final Set<Integer> ends;

    private Chat(LanguageModel model, ChatTemplate template) {
        this.model = model;
        this.template = template;
        this.ends = new HashSet<>(template.endsOfTurn(model.tokenizer()));
        this.ends.removeIf(id -> id >= model.vocabularySize());
    }

    /**
     * Conversations by the model's own template.
     *
     * @throws ChatTemplateException if it has none, or one that is not supported
     */
    public static Chat of(LanguageModel model) throws IOException {
        return of(
                model,
                model.chatTemplate()
                        .orElseThrow(() -> new ChatTemplateException(
                                "the model has no chat template: it was not made for conversations")));
    }

    /** Conversations by another template. */
    public static Chat of(LanguageModel model, ChatTemplate template) {
        return new Chat(model, template);
    }

    /** An answer as the model's authors would have it sampled. */
    public ChatAnswer answer(List<ChatMessage> messages) {
        return answer(messages, ChatOptions.DEFAULT);
    }

    /**
     * An answer.
     *
     * @throws ChatTemplateException if the template refuses the messages, or knows no tools that could be read from an answer
     * @throws io.karipap.generate.ContextLengthException if the conversation does not fit into the context
     * @throws io.karipap.grammar.GrammarException if the schema of a tool cannot be honoured
     */
    public ChatAnswer answer(List<ChatMessage> messages, ChatOptions options) {
        Optional<CallRules> rules = rules(options);
        AnswerForm form = AnswerForm.of(template, model.tokenizer(), rules.isPresent());
        if (rules.isPresent() && !form.callsTools()) {
            throw new ChatTemplateException(
                    "the model's chat template writes calls of tools in a form that is not supported");
        }
        int[] prompt = template.encode(
                model.tokenizer(),
                form.prompt(new ChatPrompt(
                        messages.stream().map(ChatMessage::forTemplate).toList(),
                        rules.isPresent()
                                ? options.tools().stream()
                                        .map(Chat::forTemplate)
                                        .toList()
                                : List.of(),
                        List.of(),
                        options.variables(),
                        PromptEnd.ANSWER)));
        GenerationOptions asked = options.generation().orElseGet(() -> defaults(prompt.length));
        GenerationOptions.Builder generation = asked.toBuilder().shownTokens(form.shownTokens());
        if (!asked.stop().ignoreEnd()) {
            Set<Integer> all = new HashSet<>(asked.stop().tokens());
            all.addAll(ends);
            generation.stop(asked.stop().toBuilder().tokens(all).build());
        }
        form.grammar(prompt, rules, asked.grammar()).ifPresent(generation::grammar);
        return read(prompt, generation.build(), form, form.reader(prompt, rules), options);
    }

    /**
     * An answer that is a record.
     *
     * @throws IllegalStateException if the answer was cut off before it was complete
     */
    public <T extends Record> T answer(List<ChatMessage> messages, Class<T> type) {
        return answer(messages, type, ChatOptions.DEFAULT);
    }

    /** As {@link #answer(List, Class)}; a grammar in the options gives way to the record. */
    public <T extends Record> T answer(List<ChatMessage> messages, Class<T> type, ChatOptions options) {
        Grammar grammar = JsonSchema.grammar(RecordSchema.of(type));
        GenerationOptions generation = options.generation().orElseGet(() -> defaults(0)).toBuilder()
                .grammar(grammar)
                .build();
        ChatAnswer answer = answer(
                messages,
                ChatOptions.builder()
                        .variables(options.variables())
                        .generation(generation)
                        .onText(options.onText())
                        .build());
        if (answer.reason() != FinishReason.STOP) {
            throw new IllegalStateException(
                    "the answer was cut off after " + answer.completionTokens() + " tokens, before it was complete");
        }
        return Json.read(answer.text(), type);
    }

    private GenerationOptions defaults(int promptTokens) {
        int rest = Math.max(1, model.engine().contextLength() - promptTokens);
        return GenerationOptions.builder()
                .maxTokens(Math.min(rest, model.defaults().maxTokens().orElse(rest)))
                .sampling(model.defaults()
                        .sampling()
                        .seed(new SplittableRandom().nextLong())
                        .build())
                .build();
    }

    private static Optional<CallRules> rules(ChatOptions options) {
        if (options.tools().isEmpty() || options.choice() == ToolChoice.NONE) {
            return Optional.empty();
        }
        Map<String, Grammar> tools = new LinkedHashMap<>();
        for (Tool tool : options.tools()) {
            Grammar arguments = tool.parameters().map(JsonSchema::grammar).orElseGet(() -> Grammar.text("{}"));
            if (tools.put(tool.name(), arguments) != null) {
                throw new IllegalArgumentException("the tool \"" + tool.name() + "\" is there twice");
            }
        }
        return Optional.of(new CallRules(tools, options.choice() == ToolChoice.REQUIRED, options.parallelCalls()));
    }

    private static Map<String, Object> forTemplate(Tool tool) {
        Map<String, Object> function = new LinkedHashMap<>();
        function.put("name", tool.name());
        function.put("description", tool.description());
        function.put(
                "parameters",
                tool.parameters()
                        .map(schema -> Json.plain(Json.parse(schema)))
                        .orElseGet(() -> Map.of("type", "object", "properties", Map.of())));
        return Map.of("type", "function", "function", function);
    }

    private ChatAnswer read(
            int[] prompt, GenerationOptions generation, AnswerForm form, AnswerReader reader, ChatOptions options) {
        AnswerBuilder answer = new AnswerBuilder(form, options.onText());
        try (TextStream stream = model.generate(prompt, generation)) {
            for (String piece : stream) {
                reader.read(piece).forEach(answer::add);
            }
            reader.finish().forEach(answer::add);
            return answer.build(stream.end());
        }
    }
}
