package io.karipap.server;

import io.karipap.generate.LanguageModel;
import io.karipap.tokenizer.chat.ChatTemplate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A model and what clients call it.
 *
 * @param model closed with the server
 * @param chatTemplate how messages become a prompt; empty if the model was not made for conversations
 * @param aliases other names that clients may use
 * @param created when it was loaded
 */
public record ServedModel(
        LanguageModel model, Optional<ChatTemplate> chatTemplate, List<String> aliases, Instant created) {
    public ServedModel {
        aliases = List.copyOf(aliases);
    }

    /** A model by its own name, without a chat template. */
    public static ServedModel of(LanguageModel model) {
        return new ServedModel(model, Optional.empty(), List.of(), Instant.now());
    }

    int vocabularySize() {
        return model.transformer().config().vocabularySize();
    }

    boolean isCalled(String name) {
        return name.equals(model.name()) || aliases.contains(name);
    }

    /** What may change the bits of a text: the software, not the machine. */
    String fingerprint() {
        return "karipap-" + BuildInfo.VERSION;
    }
}
