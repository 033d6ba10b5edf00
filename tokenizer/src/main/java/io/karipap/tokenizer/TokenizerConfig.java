package io.karipap.tokenizer;

import io.karipap.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * What the files beside a vocabulary say about it: {@code tokenizer_config.json}, and where that does not list the added tokens,
 * {@code added_tokens.json} and {@code special_tokens_map.json}.
 */
final class TokenizerConfig {
    private static final String CONFIG = "tokenizer_config.json";
    private static final String ADDED = "added_tokens.json";
    private static final String SPECIAL = "special_tokens_map.json";

    private final JsonNode config;
    private final JsonNode addedTokens;
    private final JsonNode specialTokens;

    private TokenizerConfig(JsonNode config, JsonNode addedTokens, JsonNode specialTokens) {
        this.config = config;
        this.addedTokens = addedTokens;
        this.specialTokens = specialTokens;
    }

    /**
     * Reads the files in the folder of {@code file}; those that are missing say nothing.
     *
     * @throws TokenizerException if one of them is malformed
     */
    static TokenizerConfig beside(Path file) throws IOException {
        return new TokenizerConfig(parse(file, CONFIG), parse(file, ADDED), parse(file, SPECIAL));
    }

    private static JsonNode parse(Path file, String name) throws IOException {
        Path path = file.resolveSibling(name);
        return Files.isRegularFile(path) ? object(name, TokenizerLoader.bytes(path)) : Json.object();
    }

    /** @throws TokenizerException if {@code json} is not an object */
    static JsonNode object(String name, byte[] json) {
        try {
            JsonNode node = Json.parse(json);
            if (node == null || !node.isObject()) {
                throw new TokenizerException(name + " is not a JSON object");
            }
            return node;
        } catch (JacksonException e) {
            throw new TokenizerException(name + " is not valid JSON: " + e.getOriginalMessage(), e);
        }
    }

    /** The class of Transformers that the model uses, without the suffix Fast; empty where none is named. */
    String tokenizerClass() {
        return config.path("tokenizer_class").asString("").replaceAll("Fast$", "");
    }

    /** The switch {@code name}, or {@code absent}. */
    boolean flag(String name, boolean absent) {
        JsonNode node = config.path(name);
        return node.isBoolean() ? node.booleanValue() : absent;
    }

    /** Spelling of the special token {@code role}, such as {@code bos_token}, or {@code absent}. */
    String special(String role, String absent) {
        JsonNode node = config.has(role) ? config.path(role) : specialTokens.path(role);
        return node.isObject() ? node.path("content").asString(absent) : node.asString(absent);
    }

    /** The added tokens that the files list. */
    List<AddedToken> added() {
        List<AddedToken> tokens = new ArrayList<>();
        for (Map.Entry<String, JsonNode> entry :
                config.path("added_tokens_decoder").properties()) {
            int id;
            try {
                id = Integer.parseInt(entry.getKey());
            } catch (NumberFormatException e) {
                throw new TokenizerException(CONFIG + " added_tokens_decoder has the id \"" + entry.getKey() + "\"", e);
            }
            tokens.add(HuggingFaceReader.addedToken(id, entry.getValue()));
        }
        if (tokens.isEmpty()) {
            Set<String> special = specialSpellings();
            for (Map.Entry<String, JsonNode> entry : addedTokens.properties()) {
                int id = entry.getValue().asInt(-1);
                if (id < 0 || id > Vocabulary.MAX_ID || entry.getKey().isEmpty()) {
                    throw new TokenizerException(ADDED + "[\"" + entry.getKey() + "\"] is not a token id");
                }
                boolean isSpecial = special.contains(entry.getKey());
                tokens.add(new AddedToken(id, entry.getKey(), isSpecial, false, false, false, false));
            }
        }
        return tokens;
    }

    private Set<String> specialSpellings() {
        Set<String> spellings = new HashSet<>();
        for (JsonNode file : List.of(config, specialTokens)) {
            for (String role : List.of(
                    "bos_token", "eos_token", "unk_token", "pad_token", "sep_token", "cls_token", "mask_token")) {
                JsonNode node = file.path(role);
                spellings.add(node.isObject() ? node.path("content").asString("") : node.asString(""));
            }
            for (JsonNode node : file.path("additional_special_tokens")) {
                spellings.add(node.isObject() ? node.path("content").asString("") : node.asString(""));
            }
        }
        return spellings;
    }
}
