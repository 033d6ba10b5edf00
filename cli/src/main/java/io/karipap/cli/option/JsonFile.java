package io.karipap.cli.option;

import io.karipap.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * A JSON file as users name it. An option of this type takes it.
 *
 * @param name path, or {@code -} for standard input
 */
public record JsonFile(String name) {
    /**
     * Its array of objects.
     *
     * @throws IllegalArgumentException if it is anything else; the message names the file
     */
    public List<Map<String, Object>> objects() throws IOException {
        byte[] bytes = name.equals("-") ? System.in.readAllBytes() : Files.readAllBytes(Path.of(name));
        String shown = name.equals("-") ? "standard input" : name;
        JsonNode root = parse(shown, new String(bytes, StandardCharsets.UTF_8));
        List<Map<String, Object>> objects = new ArrayList<>();
        for (JsonNode each : root.isArray() ? root : List.of(root)) {
            if (!root.isArray() || !each.isObject()) {
                throw new IllegalArgumentException(shown + " is not a JSON array of objects");
            }
            objects.add(Json.plainMap(each));
        }
        return objects;
    }

    /**
     * The object that {@code text} is.
     *
     * @param shown where it is, for messages
     * @throws IllegalArgumentException if it is anything else
     */
    public static Map<String, Object> object(String shown, String text) {
        JsonNode root = parse(shown, text);
        if (!root.isObject()) {
            throw new IllegalArgumentException(shown + " is not a JSON object");
        }
        return Json.plainMap(root);
    }

    private static JsonNode parse(String shown, String text) {
        try {
            JsonNode root = Json.parse(text);
            if (root != null) {
                return root;
            }
        } catch (JacksonException e) {
            throw new IllegalArgumentException(shown + " is not valid JSON: " + e.getOriginalMessage(), e);
        }
        throw new IllegalArgumentException(shown + " is empty, expected JSON");
    }
}
