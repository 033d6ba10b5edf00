package io.karipap.model.family;

import io.karipap.format.ModelFormatException;
import io.karipap.json.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Hyperparameters by the names of {@code config.json}. Remembers which ones somebody asked for, so that the others can be refused:
 * {@link #refuseOthers}. A field that is null is absent.
 */
public final class Fields {
    private final String file;
    private final String prefix; // of the names in messages
    private final JsonNode root;
    private final Set<String> asked = new HashSet<>();

    private Fields(String file, String prefix, JsonNode root) {
        this.file = file;
        this.prefix = prefix;
        this.root = root;
    }

    /**
     * Reads {@code config.json}.
     *
     * @param file its name for messages
     * @throws ModelFormatException if it is not a JSON object
     */
    public static Fields parse(String file, byte[] json) {
        try {
            return of(file, Json.parse(json));
        } catch (JacksonException e) {
            throw new ModelFormatException(file + " is not valid JSON: " + e.getOriginalMessage(), e);
        }
    }

    /**
     * The fields of an object.
     *
     * @param file where it comes from, for messages
     * @throws ModelFormatException if it is something else
     */
    public static Fields of(String file, JsonNode object) {
        if (!object.isObject()) {
            throw new ModelFormatException(file + " is not a JSON object");
        }
        return new Fields(file, "", object);
    }

    /** Whether there is such a field; to look counts as asking. */
    boolean has(String field) {
        asked.add(field);
        return root.hasNonNull(field);
    }

    /** Whether there is such a field, be it null. */
    boolean mentions(String field) {
        return root.has(field);
    }

    /** A whole number in {@code [1, limit]}. */
    int size(String field, int limit) {
        asked.add(field);
        JsonNode node = root.path(field);
        double value = node.isNumber() ? node.doubleValue() : 0; // 8192.0 is a whole number too
        if (value < 1 || value > limit || value != Math.rint(value)) {
            throw expected(field, "1.." + limit);
        }
        return (int) value;
    }

    /** A whole number in {@code [0, limit]}. */
    int count(String field, int limit) {
        return has(field) && root.path(field).toString().equals("0") ? 0 : size(field, limit);
    }

    int size(String field, int limit, int fallback) {
        return has(field) ? size(field, limit) : fallback;
    }

    /** A number above zero. */
    double positive(String field) {
        asked.add(field);
        JsonNode node = root.path(field);
        if (!node.isNumber() || !(node.doubleValue() > 0) || !Double.isFinite(node.doubleValue())) {
            throw expected(field, "a positive number");
        }
        return node.doubleValue();
    }

    double positive(String field, double fallback) {
        return has(field) ? positive(field) : fallback;
    }

    boolean flag(String field, boolean fallback) {
        if (!has(field)) {
            return fallback;
        }
        if (!root.path(field).isBoolean()) {
            throw expected(field, "true or false");
        }
        return root.path(field).booleanValue();
    }

    String text(String field, String fallback) {
        if (!has(field)) {
            return fallback;
        }
        if (!root.path(field).isString()) {
            throw expected(field, "a text");
        }
        return root.path(field).stringValue();
    }

    /** The elements of a list, {@code count} of them, as JSON writes them. */
    List<String> list(String field, int count) {
        asked.add(field);
        if (!root.path(field).isArray()) {
            throw expected(field, "a list");
        }
        List<String> elements = new ArrayList<>();
        root.path(field).forEach(node -> elements.add(node.isString() ? node.stringValue() : node.toString()));
        if (elements.size() != count) {
            throw fail(prefix + field + " has " + elements.size() + " elements, expected " + count);
        }
        return elements;
    }

    /** A list of {@code count} numbers above zero. */
    double[] numbers(String field, int count) {
        list(field, count);
        double[] numbers = new double[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = root.path(field).get(i).asDouble(0);
            if (!(numbers[i] > 0) || !Double.isFinite(numbers[i])) {
                throw expected(field, "positive numbers");
            }
        }
        return numbers;
    }

    /** The fields of an object in this one, if there is one. */
    Optional<Fields> object(String field) {
        if (!has(field)) {
            return Optional.empty();
        }
        if (!root.path(field).isObject()) {
            throw expected(field, "an object");
        }
        return Optional.of(new Fields(file, prefix + field + ".", root.path(field)));
    }

    /**
     * Refuses a value that is not supported: {@code field} must be one of {@code values} or absent.
     *
     * @param values as JSON writes them
     */
    void requireOneOf(String field, String... values) {
        if (has(field) && !List.of(values).contains(root.path(field).toString())) {
            throw expected(field, String.join(" or ", values));
        }
    }

    /**
     * Refuses every field that nobody asked for, because it may change what is computed.
     *
     * @param harmless fields that do not
     */
    void refuseOthers(Set<String> harmless) {
        for (String field : root.propertyNames()) {
            if (root.hasNonNull(field) && !asked.contains(field) && !harmless.contains(field)) {
                throw fail(prefix + field + " is " + brief(root.path(field)) + ", which is not understood");
            }
        }
    }

    private ModelFormatException expected(String field, String what) {
        JsonNode node = root.path(field);
        return fail(prefix + field + " is " + (node.isMissingNode() ? "missing" : brief(node)) + ", expected " + what);
    }

    private static String brief(JsonNode node) {
        String text = node.toString();
        return text.length() <= 100 ? text : text.substring(0, 100) + "…";
    }

    ModelFormatException fail(String what) {
        return new ModelFormatException(file + ": " + what);
    }
}
