package io.karipap.grammar;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Which keywords of a schema mean something, and for values of which types. */
final class SchemaKeywords {
    static final Set<String> TYPES =
            new LinkedHashSet<>(List.of("object", "array", "string", "integer", "number", "boolean", "null"));

    /** Keywords that constrain nothing. */
    private static final Set<String> ANNOTATIONS = Set.of(
            "$schema",
            "$id",
            "id",
            "$anchor",
            "$comment",
            "$defs",
            "definitions",
            "title",
            "description",
            "default",
            "example",
            "examples",
            "deprecated",
            "readOnly",
            "writeOnly",
            "contentEncoding",
            "contentMediaType");

    private static final Map<String, String> TYPE_OF = Map.ofEntries(
            Map.entry("properties", "object"),
            Map.entry("required", "object"),
            Map.entry("additionalProperties", "object"),
            Map.entry("patternProperties", "object"),
            Map.entry("propertyNames", "object"),
            Map.entry("minProperties", "object"),
            Map.entry("maxProperties", "object"),
            Map.entry("items", "array"),
            Map.entry("prefixItems", "array"),
            Map.entry("additionalItems", "array"),
            Map.entry("minItems", "array"),
            Map.entry("maxItems", "array"),
            Map.entry("uniqueItems", "array"),
            Map.entry("minLength", "string"),
            Map.entry("maxLength", "string"),
            Map.entry("pattern", "string"),
            Map.entry("format", "string"),
            Map.entry("minimum", "number"),
            Map.entry("maximum", "number"),
            Map.entry("exclusiveMinimum", "number"),
            Map.entry("exclusiveMaximum", "number"));

    private static final Set<String> OF_ALL_TYPES = Set.of("type", "enum", "const", "$ref", "anyOf", "oneOf", "allOf");

    private SchemaKeywords() {}

    static boolean annotation(String keyword) {
        return ANNOTATIONS.contains(keyword) || keyword.startsWith("x-");
    }

    /** @throws GrammarException if there is a keyword that cannot be honoured */
    static void check(JsonNode schema, String place) {
        for (String keyword : schema.propertyNames()) {
            if (!annotation(keyword) && !OF_ALL_TYPES.contains(keyword) && !TYPE_OF.containsKey(keyword)) {
                throw new GrammarException(
                        place,
                        "has \"" + keyword + "\", which is not supported; supported are "
                                + String.join(", ", new java.util.TreeSet<>(OF_ALL_TYPES)) + ", "
                                + String.join(", ", new java.util.TreeSet<>(TYPE_OF.keySet())));
            }
        }
        if (schema.path("uniqueItems").booleanValue(false)) {
            throw new GrammarException(place, "has \"uniqueItems\": true, which is not supported");
        }
    }

    /** Whether the schema constrains anything besides these keywords. */
    static boolean constrainsBesides(JsonNode schema, Set<String> keywords) {
        return schema.propertyNames().stream().anyMatch(keyword -> !annotation(keyword) && !keywords.contains(keyword));
    }

    /** What {@code type} says; without it, the types that other keywords speak of; without those, all. */
    static Set<String> types(JsonNode schema, String place) {
        Set<String> types = new LinkedHashSet<>();
        JsonNode type = schema.path("type");
        if (type.isArray()) {
            type.forEach(each -> types.add(each.asString("")));
        } else if (type.isString()) {
            types.add(type.stringValue());
        } else if (type.isMissingNode()) {
            for (String keyword : schema.propertyNames()) {
                if (TYPE_OF.containsKey(keyword)) {
                    types.add(TYPE_OF.get(keyword));
                }
            }
            if (types.isEmpty()) {
                types.addAll(TYPES);
            }
        }
        if (types.isEmpty() || !TYPES.containsAll(types)) {
            throw new GrammarException(place, "has the type " + type + ", expected one or some of " + TYPES);
        }
        return types;
    }

    static String typeOf(JsonNode value) {
        return switch (value.getNodeType()) {
            case OBJECT -> "object";
            case ARRAY -> "array";
            case STRING -> "string";
            case BOOLEAN -> "boolean";
            case NULL -> "null";
            default ->
                value.isIntegralNumber()
                                || value.decimalValue().stripTrailingZeros().scale() <= 0
                        ? "integer"
                        : "number";
        };
    }

    /** Whether a value is of one of the types. */
    static boolean isOf(JsonNode value, Set<String> types) {
        String type = typeOf(value);
        return types.contains(type) || type.equals("integer") && types.contains("number");
    }

    /** A count, as {@code minItems} is one. */
    static int count(JsonNode schema, String keyword, int absent, String place) {
        JsonNode node = schema.path(keyword);
        if (node.isMissingNode()) {
            return absent;
        }
        if (!node.isNumber()
                || node.decimalValue().stripTrailingZeros().scale() > 0
                || node.decimalValue().signum() < 0) {
            throw new GrammarException(
                    place, "has \"" + keyword + "\": " + node + ", expected an integer of at least 0");
        }
        return node.decimalValue()
                .min(java.math.BigDecimal.valueOf(Grammar.UNBOUNDED))
                .intValue();
    }

    static void checkOrder(Comparable<?> min, Object max, boolean ordered, String names, String place) {
        if (!ordered) {
            String[] name = names.split(" ");
            throw new GrammarException(place, "has " + name[0] + " " + min + " and " + name[1] + " " + max);
        }
    }
}
