package io.karipap.tokenizer.chat;

import io.karipap.json.Json;
import io.karipap.tokenizer.gguf.GgufFormatException;
import io.karipap.tokenizer.gguf.GgufMetadata;
import io.karipap.tokenizer.gguf.GgufShards;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Finds a model's chat templates. In a directory: {@code chat_template.jinja} with the folder {@code additional_chat_templates}, else
 * {@code chat_template.json}, else {@code tokenizer_config.json}, one template or a list of named ones; in a GGUF file
 * {@code tokenizer.chat_template} and {@code tokenizer.chat_template.NAME}.
 *
 * @since 0.1
 */
public final class ChatTemplateLoader {
    private static final String SUFFIX = ".jinja";

    private ChatTemplateLoader() {}

    /**
     * Reads a model's templates.
     *
     * @param model model directory, or GGUF file
     * @return the template; empty where the model has none
     * @throws ChatTemplateException if the configuration is malformed
     */
    public static Optional<ChatTemplate> load(Path model) throws IOException {
        Map<String, String> sources = GgufShards.named(model) ? metadata(model).chatTemplates() : inDirectory(model);
        return sources.isEmpty() ? Optional.empty() : Optional.of(ChatTemplate.named(sources, specialTokens(model)));
    }

    /**
     * Reads another template for a model: it is given the model's special tokens.
     *
     * @param model model directory, or GGUF file
     * @param file Jinja source
     * @throws ChatTemplateException if the template is malformed
     */
    public static ChatTemplate load(Path model, Path file) throws IOException {
        return new ChatTemplate(Files.readString(file), specialTokens(model));
    }

    private static GgufMetadata metadata(Path model) throws IOException {
        try {
            return GgufMetadata.read(GgufShards.of(model).getFirst());
        } catch (GgufFormatException e) {
            throw new ChatTemplateException(model + ": " + e.getMessage(), e);
        }
    }

    private static Map<String, String> inDirectory(Path model) throws IOException {
        Map<String, String> sources = new HashMap<>();
        Path file = model.resolve("chat_template.jinja");
        if (Files.exists(file)) {
            sources.put("default", Files.readString(file));
        }
        Path others = model.resolve("additional_chat_templates");
        if (Files.isDirectory(others)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(others, "*" + SUFFIX)) {
                for (Path each : files) {
                    String name = each.getFileName().toString();
                    sources.put(name.substring(0, name.length() - SUFFIX.length()), Files.readString(each));
                }
            }
        }
        for (String name : new String[] {"chat_template.json", "tokenizer_config.json"}) {
            if (sources.isEmpty()) {
                sources.putAll(templates(json(model.resolve(name)).path("chat_template")));
            }
        }
        return sources;
    }

    /** A single template, or a list of named ones. */
    private static Map<String, String> templates(JsonNode node) {
        Map<String, String> sources = new HashMap<>();
        if (node.isString()) {
            sources.put("default", node.stringValue());
        }
        for (JsonNode named : node) {
            if (named.path("name").isString() && named.path("template").isString()) {
                sources.put(
                        named.path("name").stringValue(), named.path("template").stringValue());
            }
        }
        return sources;
    }

    private static JsonNode json(Path file) throws IOException {
        if (!Files.exists(file)) {
            return Json.object();
        }
        try {
            return Json.parse(Files.readAllBytes(file));
        } catch (JacksonException e) {
            throw new ChatTemplateException(file + " is not valid JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static Map<String, String> specialTokens(Path model) throws IOException {
        if (GgufShards.named(model)) {
            return metadata(model).specialTokens();
        }
        JsonNode config = json(model.resolve("tokenizer_config.json"));
        JsonNode map = json(model.resolve("special_tokens_map.json"));
        Map<String, String> tokens = new HashMap<>();
        for (String name : new String[] {"bos_token", "eos_token", "unk_token", "pad_token"}) {
            JsonNode token = config.has(name) ? config.path(name) : map.path(name);
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
