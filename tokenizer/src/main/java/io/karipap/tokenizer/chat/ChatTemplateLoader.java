package io.karipap.tokenizer.chat;

import io.karipap.json.Json;
import io.karipap.tokenizer.format.GgufMetadata;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Finds a model's chat template: {@code chat_template.jinja}, {@code tokenizer_config.json}, or the metadata of a GGUF file.
 *
 * @since 0.1
 */
public final class ChatTemplateLoader {

    private ChatTemplateLoader() {}

    /**
     * Reads a template.
     *
     * @param model model directory, or GGUF file
     * @return the template; empty where the model has none
     * @throws ChatTemplateException if the configuration is malformed
     */
    public static Optional<ChatTemplate> load(Path model) throws IOException {
        if (model.toString().endsWith(".gguf")) {
            GgufMetadata metadata = GgufMetadata.read(model);
            return metadata.chatTemplate().map(template -> new ChatTemplate(template, metadata.specialTokens()));
        }
        Path configFile = model.resolve("tokenizer_config.json");
        JsonNode config = Json.object();
        if (Files.exists(configFile)) {
            try {
                config = Json.parse(Files.readAllBytes(configFile));
            } catch (JacksonException e) {
                throw new ChatTemplateException(configFile + " is not valid JSON: " + e.getOriginalMessage(), e);
            }
        }
        Path file = model.resolve("chat_template.jinja");
        String template = Files.exists(file) ? Files.readString(file) : template(config.path("chat_template"));
        return template == null ? Optional.empty() : Optional.of(new ChatTemplate(template, specialTokens(config)));
    }

    /** A single template, or the one named {@code default} of several. */
    private static String template(JsonNode node) {
        if (node.isArray()) {
            for (JsonNode named : node) {
                if (named.path("name").asString("").equals("default")) {
                    return named.path("template").asString(null);
                }
            }
        }
        return node.isString() ? node.stringValue() : null;
    }

    private static Map<String, String> specialTokens(JsonNode config) {
        Map<String, String> tokens = new HashMap<>();
        for (String name : new String[] {"bos_token", "eos_token", "unk_token", "pad_token"}) {
            JsonNode token = config.path(name);
            String content = token.isString()
                    ? token.stringValue()
                    : token.path("content").asString(null);
            if (content != null) {
                tokens.put(name, content);
            }
        }
        return tokens;
    }
}
