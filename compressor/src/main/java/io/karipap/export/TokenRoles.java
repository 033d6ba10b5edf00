package io.karipap.export;

import io.karipap.format.ModelFormatException;
import io.karipap.format.ModelSource;
import io.karipap.json.Json;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.ToIntFunction;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Which tokens begin, end, fill and format texts, as the files of a directory say. */
final class TokenRoles {
    private static final String CONFIG = "config.json";
    private static final String GENERATION = "generation_config.json";
    private static final String TOKENIZER = "tokenizer_config.json";
    private static final String TEMPLATE = "chat_template.jinja";

    private final ModelSource source;
    private final JsonNode config;
    private final JsonNode generation;
    private final JsonNode tokenizer;

    /** @throws ModelFormatException if a file is no JSON */
    TokenRoles(ModelSource source) throws IOException {
        this.source = source;
        this.config = parse(CONFIG);
        this.generation = parse(GENERATION);
        this.tokenizer = parse(TOKENIZER);
    }

    private JsonNode parse(String file) throws IOException {
        if (!source.has(file)) {
            return Json.object();
        }
        try {
            return Json.parse(source.read(file));
        } catch (JacksonException e) {
            throw new ModelFormatException(source.describe(file) + " is not valid JSON: " + e.getOriginalMessage(), e);
        }
    }

    /**
     * The token that {@code role}, such as {@code bos}, names.
     *
     * @param id finds a token by its spelling, −1 if there is none
     */
    OptionalInt of(String role, ToIntFunction<String> id) {
        Set<Integer> ids = ids(role);
        if (!ids.isEmpty()) {
            return OptionalInt.of(ids.iterator().next());
        }
        int spelled = spelled(role, id);
        return spelled < 0 ? OptionalInt.empty() : OptionalInt.of(spelled);
    }

    /** The tokens that end a text; the tokenizer's own comes first. */
    List<Integer> ends(ToIntFunction<String> id) {
        Set<Integer> ids = ids("eos");
        int spelled = spelled("eos", id);
        Set<Integer> ordered = new LinkedHashSet<>();
        if (spelled >= 0 && (ids.isEmpty() || ids.contains(spelled))) {
            ordered.add(spelled);
        }
        ordered.addAll(ids);
        return List.copyOf(ordered);
    }

    /** Ids that either file gives; those of generation come first. */
    private Set<Integer> ids(String role) {
        Set<Integer> ids = new LinkedHashSet<>();
        for (JsonNode file : new JsonNode[] {generation, config, config.path("text_config")}) {
            JsonNode node = file.path(role + "_token_id");
            if (node.isArray()) {
                node.forEach(id -> ids.add(id.asInt(-1)));
            } else if (node.isIntegralNumber()) {
                ids.add(node.asInt(-1));
            }
        }
        ids.remove(-1);
        return ids;
    }

    private int spelled(String role, ToIntFunction<String> id) {
        JsonNode token = tokenizer.path(role + "_token");
        String spelling = token.isObject() ? token.path("content").asString("") : token.asString("");
        return spelling.isEmpty() ? -1 : id.applyAsInt(spelling);
    }

    /** The chat template, if there is one; of several the one named {@code default}. */
    Optional<String> chatTemplate() throws IOException {
        if (source instanceof ModelSource.Directory directory && directory.has(TEMPLATE)) {
            return Optional.of(new String(directory.read(TEMPLATE), java.nio.charset.StandardCharsets.UTF_8));
        }
        JsonNode template = tokenizer.path("chat_template");
        for (JsonNode named : template.isArray() ? template : Json.array()) {
            if (named.path("name").asString("").equals("default")) {
                return Optional.of(named.path("template").asString(""));
            }
        }
        return template.isString() ? Optional.of(template.stringValue()) : Optional.empty();
    }
}
