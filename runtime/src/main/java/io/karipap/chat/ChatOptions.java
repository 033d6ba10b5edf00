package io.karipap.chat;

import io.karipap.generate.GenerationOptions;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * How an answer is asked for. Immutable.
 *
 * @since 0.1
 */
public final class ChatOptions {
    /** No tools, sampled as the model's authors would have it, as long as the context allows. */
    public static final ChatOptions DEFAULT = builder().build();

    private final List<Tool> tools;
    private final ToolChoice choice;
    private final boolean parallelCalls;
    private final Map<String, Object> variables;
    private final Optional<GenerationOptions> generation;
    private final Consumer<String> onText;

    private ChatOptions(Builder builder) {
        tools = builder.tools;
        choice = builder.choice;
        parallelCalls = builder.parallelCalls;
        variables = builder.variables;
        generation = builder.generation;
        onText = builder.onText;
    }

    /** {@link #DEFAULT}, until other values are set. */
    public static Builder builder() {
        return new Builder();
    }

    /** Tools that the model may call. */
    public List<Tool> tools() {
        return tools;
    }

    /** Whether it has to. */
    public ToolChoice choice() {
        return choice;
    }

    /** Whether an answer may have several calls. */
    public boolean parallelCalls() {
        return parallelCalls;
    }

    /** What the template is given besides, such as {@code enable_thinking}. */
    public Map<String, Object> variables() {
        return variables;
    }

    /** How the answer is drawn, if not as the model's authors would have it. */
    public Optional<GenerationOptions> generation() {
        return generation;
    }

    /** Hears the text of the answer as it comes. */
    public Consumer<String> onText() {
        return onText;
    }

    /**
     * Collects values; each setter says what its option means.
     *
     * @since 0.1
     */
    public static final class Builder {
        private List<Tool> tools = List.of();
        private ToolChoice choice = ToolChoice.AUTO;
        private boolean parallelCalls = true;
        private Map<String, Object> variables = Map.of();
        private Optional<GenerationOptions> generation = Optional.empty();
        private Consumer<String> onText = text -> {};

        private Builder() {}

        /** Tools that the model may call. */
        public Builder tools(List<Tool> offered) {
            tools = List.copyOf(offered);
            return this;
        }

        /** Whether it has to. */
        public Builder choice(ToolChoice value) {
            choice = value;
            return this;
        }

        /** Whether an answer may have several calls. */
        public Builder parallelCalls(boolean allowed) {
            parallelCalls = allowed;
            return this;
        }

        /** What the template is given besides, such as {@code enable_thinking}: booleans, numbers, strings, lists and maps. */
        public Builder variables(Map<String, Object> values) {
            variables = Collections.unmodifiableMap(new LinkedHashMap<>(values)); // a value may be null, as in JSON
            return this;
        }

        /** How the answer is drawn; a grammar in it is the form of an answer that is text. */
        public Builder generation(GenerationOptions options) {
            generation = Optional.of(options);
            return this;
        }

        /** Hears the text of the answer as it comes. */
        public Builder onText(Consumer<String> callback) {
            onText = callback;
            return this;
        }

        /** The options. */
        public ChatOptions build() {
            return new ChatOptions(this);
        }
    }
}
