package io.karipap.cli.option;

import io.karipap.tokenizer.chat.ChatTemplate;
import io.karipap.tokenizer.chat.ChatTemplateLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** How messages become a prompt. */
public final class ChatTemplateOption {
    @Option(
            names = "--chat-template",
            paramLabel = "FILE",
            description = "Jinja template that makes a prompt of messages. Default: the model's own, if it has one.")
    private Path file;

    /** The template; absent where none was given and the model has none. */
    public Optional<ChatTemplate> load(ModelOption model) throws IOException {
        return load(model.directory());
    }

    /** @throws IllegalArgumentException if there is none */
    public ChatTemplate require(ModelOption model) throws IOException {
        return require(model.directory());
    }

    /**
     * The template for the model at {@code model}, null for the bundled one.
     *
     * @throws IllegalArgumentException if there is none
     */
    public ChatTemplate require(Path model) throws IOException {
        return load(model)
                .orElseThrow(() -> new IllegalArgumentException(
                        "the model has no chat template: it was not made for conversations; use generate without --chat,"
                                + " or give one by --chat-template"));
    }

    private Optional<ChatTemplate> load(Path model) throws IOException {
        if (file != null) {
            return Optional.of(
                    model == null
                            ? new ChatTemplate(Files.readString(file), Map.of())
                            : ChatTemplateLoader.load(model, file));
        }
        return model == null ? Optional.empty() : ChatTemplateLoader.load(model);
    }
}
