package io.karipap.cli;

import io.karipap.cli.option.SamplingOption;
import io.karipap.generate.ContextLengthException;
import io.karipap.generate.GenerationEvent;
import io.karipap.generate.GenerationOptions;
import io.karipap.generate.LanguageModel;
import io.karipap.generate.TextStream;
import io.karipap.grammar.Grammar;
import io.karipap.tokenizer.chat.ChatPrompt;
import io.karipap.tokenizer.chat.ChatTemplate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Messages to a model and its answers, in the words of its template. */
final class Conversation {
    private final LanguageModel model;
    private final ChatTemplate template;
    private final SamplingOption sampling;
    private final Set<Integer> ends;
    private final List<Map<String, Object>> beginning;
    private final List<Map<String, Object>> messages;
    private Optional<Grammar> form = Optional.empty();

    /** @param system what the model is told first, or null */
    Conversation(LanguageModel model, ChatTemplate template, SamplingOption sampling, String system) {
        this.model = model;
        this.template = template;
        this.sampling = sampling;
        this.ends = template.endsOfTurn(model.tokenizer());
        this.beginning = system == null ? List.of() : List.of(message("system", system));
        this.messages = new ArrayList<>(beginning);
    }

    /** Says what answers must look like, if anything; returns this conversation. */
    Conversation form(Optional<Grammar> wanted) {
        form = wanted;
        return this;
    }

    /**
     * An answer, and what it took.
     *
     * @param end how it ended
     * @param firstSeconds from the question to the answer's first piece
     * @param seconds from the question to the end
     */
    record Answer(GenerationEvent.Finished end, double firstSeconds, double seconds) {
        /** On one line. */
        String describe() {
            int tokens = end.completionTokens();
            double rate = tokens > 1 ? (tokens - 1) / Math.max(1e-9, seconds - firstSeconds) : tokens / seconds;
            return String.format(
                    Locale.ROOT,
                    "%d prompt tokens, %d tokens, the first after %.2f s, then %.1f tokens/s",
                    end.promptTokens(),
                    tokens,
                    firstSeconds,
                    rate);
        }
    }

    /**
     * Asks, and remembers question and answer.
     *
     * @param callback hears the pieces of the answer as they come
     * @throws ContextLengthException if the conversation does not fit into the context; then the question is forgotten
     */
    Answer ask(String question, Consumer<String> callback) {
        messages.add(message("user", question));
        StringBuilder text = new StringBuilder();
        try {
            long start = System.nanoTime();
            int[] ids = template.encode(model.tokenizer(), ChatPrompt.of(messages));
            int rest = Math.max(1, model.engine().contextLength() - ids.length);
            GenerationOptions.Builder options = sampling.options(model.defaults(), rest, ends).toBuilder();
            form.ifPresent(options::grammar);
            double first = 0;
            try (TextStream stream = model.generate(ids, options.build())) {
                for (String piece : stream) {
                    if (text.isEmpty()) {
                        first = (System.nanoTime() - start) / 1e9;
                    }
                    text.append(piece);
                    callback.accept(piece);
                }
                messages.add(message("assistant", text.toString()));
                return new Answer(stream.end(), first, (System.nanoTime() - start) / 1e9);
            }
        } catch (RuntimeException e) {
            messages.removeLast();
            throw e;
        }
    }

    /** Forgets everything but what the model was told first. */
    void reset() {
        messages.clear();
        messages.addAll(beginning);
    }

    private static Map<String, Object> message(String role, String content) {
        return Map.of("role", role, "content", content);
    }
}
