package io.karipap.server;

import io.karipap.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Fields of a JSON request. null means absent; a wrong type or range is a 400 that names the field. */
final class JsonFields {

    private final JsonNode root;

    private JsonFields(JsonNode root) {
        this.root = root;
    }

    /** @throws ApiException if the body is not a JSON object */
    static JsonFields parse(byte[] body) {
        JsonNode root;
        try {
            root = Json.parseStrictly(body);
        } catch (JacksonException e) {
            throw ApiException.badRequest(null, "the body is not valid JSON: " + e.getOriginalMessage());
        }
        if (root == null || !root.isObject()) {
            throw ApiException.badRequest(null, "the body is not a JSON object");
        }
        return new JsonFields(root);
    }

    boolean has(String name) {
        return root.hasNonNull(name);
    }

    JsonNode node(String name) {
        return root.path(name);
    }

    JsonFields object(String name) {
        if (!root.path(name).isObject()) {
            throw wrong(name, "an object");
        }
        return new JsonFields(root.path(name));
    }

    /** @throws ApiException if the field is absent */
    JsonNode required(String name) {
        if (!has(name)) {
            throw ApiException.badRequest(name, "\"" + name + "\" is required");
        }
        return root.path(name);
    }

    String string(String name) {
        required(name);
        if (!root.path(name).isString()) {
            throw wrong(name, "a string");
        }
        return root.path(name).stringValue();
    }

    boolean bool(String name, boolean absent) {
        if (!has(name)) {
            return absent;
        }
        if (!root.path(name).isBoolean()) {
            throw wrong(name, "true or false");
        }
        return root.path(name).booleanValue();
    }

    int integer(String name, int min, int max, int absent) {
        return (int) longInteger(name, min, max, absent);
    }

    long longInteger(String name, long min, long max, long absent) {
        if (!has(name)) {
            return absent;
        }
        JsonNode node = root.path(name);
        if (!node.isIntegralNumber() || !node.canConvertToLong() || node.longValue() < min || node.longValue() > max) {
            throw wrong(name, "an integer in " + min + ".." + max);
        }
        return node.longValue();
    }

    double number(String name, double min, double max, double absent) {
        if (!has(name)) {
            return absent;
        }
        JsonNode node = root.path(name);
        if (!node.isNumber() || !(node.doubleValue() >= min && node.doubleValue() <= max)) {
            throw wrong(name, "a number in " + min + ".." + max);
        }
        return node.doubleValue();
    }

    /** A string or an array of at most {@code max} strings, none of them empty. */
    List<String> strings(String name, int max) {
        List<String> strings = new ArrayList<>();
        if (!has(name)) {
            return strings;
        }
        JsonNode node = root.path(name);
        if (node.isString()) {
            strings.add(node.stringValue());
        } else if (node.isArray() && node.size() <= max) {
            for (JsonNode each : node) {
                strings.add(each.isString() ? each.stringValue() : "");
            }
        }
        if (strings.isEmpty() && !node.isArray() || strings.contains("") || node.isArray() && node.size() > max) {
            throw wrong(name, "a string or an array of up to " + max + " strings, none of them empty");
        }
        return strings;
    }

    /** Distinct token ids below {@code limit}. */
    Set<Integer> ids(String name, int limit) {
        Set<Integer> ids = new LinkedHashSet<>();
        if (!has(name)) {
            return ids;
        }
        if (!root.path(name).isArray()) {
            throw wrong(name, "an array of token ids");
        }
        for (JsonNode id : root.path(name)) {
            if (!id.isIntegralNumber() || !id.canConvertToInt() || id.intValue() < 0 || id.intValue() >= limit) {
                throw wrong(name, "an array of token ids in 0.." + (limit - 1));
            }
            ids.add(id.intValue());
        }
        return ids;
    }

    /** An object from token ids below {@code limit} to numbers. */
    Map<Integer, Double> bias(String name, int limit) {
        Map<Integer, Double> bias = new LinkedHashMap<>();
        if (!has(name)) {
            return bias;
        }
        if (!root.path(name).isObject()) {
            throw wrong(name, "an object from token ids to numbers");
        }
        for (Map.Entry<String, JsonNode> each : root.path(name).properties()) {
            boolean id = each.getKey().matches("\\d{1,9}") && Integer.parseInt(each.getKey()) < limit;
            if (!id || !each.getValue().isNumber() || !(Math.abs(each.getValue().doubleValue()) <= 100)) {
                throw wrong(name, "an object from token ids in 0.." + (limit - 1) + " to numbers in -100..100");
            }
            bias.put(Integer.parseInt(each.getKey()), each.getValue().doubleValue());
        }
        return bias;
    }

    ApiException wrong(String name, String expected) {
        String value = root.path(name).toString();
        String shown = value.length() > 60 ? value.substring(0, 60) + "…" : value;
        return ApiException.badRequest(name, "\"" + name + "\" is " + shown + ", expected " + expected);
    }
}
