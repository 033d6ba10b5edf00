package io.karipap.server;

import io.karipap.chat.format.AnswerForm;
import io.karipap.generate.GenerationDefaults;
import io.karipap.generate.LanguageModel;
import io.karipap.tokenizer.chat.ChatTemplate;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A model and what clients call it. Immutable.
 *
 * @since 0.1
 */
public final class ServedModel {
    private final LanguageModel model;
    private final Optional<ChatTemplate> chatTemplate;
    private final List<String> aliases;
    private final Instant created;
    private final GenerationDefaults defaults;
    private final Set<Integer> endsOfTurn;
    private final Map<Boolean, AnswerForm> answerForms = new ConcurrentHashMap<>();

    private ServedModel(Builder builder) {
        model = builder.model;
        chatTemplate = builder.chatTemplate;
        aliases = builder.aliases;
        created = builder.created;
        defaults = builder.defaults;
        endsOfTurn = new HashSet<>(chatTemplate
                .map(template -> template.endsOfTurn(model.tokenizer()))
                .orElse(Set.of()));
        endsOfTurn.removeIf(id -> id >= model.vocabularySize());
    }

    /** A model by its own name, without a chat template. */
    public static ServedModel of(LanguageModel model) {
        return builder(model).build();
    }

    /**
     * A model by its own name, without a chat template, loaded just now, until other values are set.
     *
     * @param model closed with the server
     */
    public static Builder builder(LanguageModel model) {
        return new Builder(model);
    }

    /** The model; closed with the server. */
    public LanguageModel model() {
        return model;
    }

    /** How messages become a prompt; absent if the model was not made for conversations. */
    public Optional<ChatTemplate> chatTemplate() {
        return chatTemplate;
    }

    /** Other names that clients may use. */
    public List<String> aliases() {
        return aliases;
    }

    /** When it was loaded. */
    public Instant created() {
        return created;
    }

    /** Values for what requests leave open. */
    public GenerationDefaults defaults() {
        return defaults;
    }

    /** Tokens that end a turn by the template, whatever the model's configuration says. */
    Set<Integer> endsOfTurn() {
        return endsOfTurn;
    }

    /**
     * How it writes its answers to prompts with or without tools; only where it has a chat template.
     *
     * @throws io.karipap.tokenizer.chat.ChatTemplateException if it has no template for such prompts
     */
    AnswerForm answerForm(boolean withTools) {
        return answerForms.computeIfAbsent(
                withTools, key -> AnswerForm.of(chatTemplate.orElseThrow(), model.tokenizer(), withTools));
    }

    boolean isCalled(String name) {
        return name.equals(model.name()) || aliases.contains(name);
    }

    /** What may change the bits of a text: the software, not the machine. */
    String fingerprint() {
        return "karipap-" + BuildInfo.VERSION;
    }

    /**
     * Collects values; each setter says what its option means.
     *
     * @since 0.1
     */
    public static final class Builder {
        private final LanguageModel model;
        private Optional<ChatTemplate> chatTemplate = Optional.empty();
        private List<String> aliases = List.of();
        private Instant created = Instant.now();
        private GenerationDefaults defaults = GenerationDefaults.NONE;

        private Builder(LanguageModel model) {
            this.model = model;
        }

        /** How messages become a prompt. */
        public Builder chatTemplate(ChatTemplate template) {
            chatTemplate = Optional.of(template);
            return this;
        }

        /** Other names that clients may use. */
        public Builder aliases(List<String> names) {
            aliases = List.copyOf(names);
            return this;
        }

        /** When it was loaded, as clients are told. */
        public Builder created(Instant time) {
            created = time;
            return this;
        }

        /** Values for what requests leave open, such as {@link LanguageModel#defaults()}. */
        public Builder defaults(GenerationDefaults values) {
            defaults = values;
            return this;
        }

        /** The model as it is served. */
        public ServedModel build() {
            return new ServedModel(this);
        }
    }
}
