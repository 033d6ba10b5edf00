package io.karipap.grammar;

import io.karipap.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.ObjectNode;

/** Makes one schema of two that both have to hold. */
final class SchemaMerge {
    private static final int MAX_DEPTH = 40;
    private static final int MAX_MERGES = 10_000;
    private static final int MAX_BRANCHES = 64;

    private final SchemaReferences references;
    private int merges;

    SchemaMerge(SchemaReferences references) {
        this.references = references;
    }

    /** The values of {@code enum} and {@code const}. */
    static List<JsonNode> values(JsonNode schema, String place) {
        List<JsonNode> values = new ArrayList<>();
        if (schema.has("enum")) {
            if (!schema.path("enum").isArray()) {
                throw new GrammarException(place, "has an \"enum\" that is no array");
            }
            schema.path("enum").forEach(values::add);
        }
        if (schema.has("const")) {
            JsonNode only = schema.path("const");
            if (!schema.has("enum") || values.contains(only)) {
                return List.of(only);
            }
            return List.of();
        }
        return values;
    }

    /** The same schema without {@code $ref} and {@code allOf} on top. */
    JsonNode flattened(JsonNode schema, String place, int depth) {
        if (!schema.isObject() || !schema.has("$ref") && !schema.has("allOf")) {
            return schema;
        }
        check(place, depth);
        SchemaKeywords.check(schema, place);
        ObjectNode rest = ((ObjectNode) schema).deepCopy();
        rest.remove(List.of("$ref", "allOf"));
        JsonNode all = rest;
        if (schema.has("$ref")) {
            all = both(all, references.find(schema.path("$ref"), place), place, depth + 1);
        }
        JsonNode parts = schema.path("allOf");
        if (schema.has("allOf") && (!parts.isArray() || parts.isEmpty())) {
            throw new GrammarException(place, "has \"allOf\", expected an array of schemas");
        }
        for (int i = 0; i < parts.size(); i++) {
            all = both(all, parts.get(i), place + "/allOf/" + i, depth + 1);
        }
        return all;
    }

    private void check(String place, int depth) {
        if (depth > MAX_DEPTH || ++merges > MAX_MERGES) {
            throw new GrammarException(
                    place, "goes too far: schemas that are put together contain themselves, or are too many");
        }
    }

    /** @throws GrammarException if they cannot be put together */
    JsonNode both(JsonNode first, JsonNode second, String place, int depth) {
        check(place, depth);
        if (first.equals(second)) {
            return first;
        }
        JsonNode a = flattened(first, place, depth + 1);
        JsonNode b = flattened(second, place, depth + 1);
        if (a.isBoolean() || b.isBoolean()) {
            boolean none = a.isBoolean() && !a.booleanValue() || b.isBoolean() && !b.booleanValue();
            return none ? BooleanNode.FALSE : a.isBoolean() ? b : a;
        }
        if (!a.isObject() || !b.isObject()) {
            throw new GrammarException(place, "is " + b.getNodeType() + ", expected an object");
        }
        SchemaKeywords.check(b, place);
        ObjectNode all = ((ObjectNode) a).deepCopy();
        if (a.has("properties") || b.has("properties") || b.has("additionalProperties")) {
            new ObjectMerge(this, place, depth).merge(all, a, b);
        }
        for (String keyword : b.propertyNames()) {
            JsonNode value = b.path(keyword);
            if (Set.of("properties", "additionalProperties").contains(keyword) || SchemaKeywords.annotation(keyword)) {
                continue;
            }
            if (!a.has(keyword)) {
                all.set(keyword, value);
                continue;
            }
            JsonNode known = a.path(keyword);
            switch (keyword) {
                case "type" -> {
                    JsonNode types = types(a, b, place);
                    if (types.isEmpty()) {
                        return BooleanNode.FALSE;
                    }
                    all.set("type", types);
                }
                case "enum", "const" -> {
                    /* below */
                }
                case "required" -> all.set("required", union(known, value));
                case "minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties" ->
                    all.set(keyword, less(known, value) ? value : known);
                case "maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties" ->
                    all.set(keyword, less(known, value) ? known : value);
                case "pattern" -> all.set("pattern", union(known, value));
                case "items", "propertyNames" -> all.set(keyword, both(known, value, place + "/" + keyword, depth + 1));
                case "patternProperties" -> all.set(keyword, patterns(known, value, place, depth));
                case "anyOf", "oneOf" -> all.set(keyword, branches(known, value, place, depth));
                default -> {
                    if (!known.equals(value)) {
                        throw new GrammarException(place, "has \"" + keyword + "\" twice, which is not supported");
                    }
                }
            }
        }
        if ((a.has("enum") || a.has("const")) && (b.has("enum") || b.has("const"))) {
            List<JsonNode> values = new ArrayList<>(values(a, place));
            values.retainAll(values(b, place));
            all.remove(List.of("enum", "const"));
            all.set("enum", Json.array().addAll(values));
        }
        if ((a.has("prefixItems") || b.has("prefixItems"))
                && !a.path("prefixItems").equals(b.path("prefixItems"))
                && (a.has("prefixItems") && (b.has("items") || b.has("prefixItems"))
                        || b.has("prefixItems") && a.has("items"))) {
            throw new GrammarException(place, "has \"prefixItems\" with other items, which is not supported");
        }
        return all;
    }

    private static boolean less(JsonNode a, JsonNode b) {
        return a.isNumber() && b.isNumber() && a.decimalValue().compareTo(b.decimalValue()) < 0;
    }

    private static JsonNode types(JsonNode a, JsonNode b, String place) {
        Set<String> first = SchemaKeywords.types(a, place);
        Set<String> second = SchemaKeywords.types(b, place);
        Set<String> types = new LinkedHashSet<>(first);
        types.retainAll(second);
        if (first.contains("integer") && second.contains("number")
                || first.contains("number") && second.contains("integer")) {
            types.remove("number");
            types.add("integer");
            if (first.contains("number") && second.contains("number")) {
                types.remove("integer");
                types.add("number");
            }
        }
        ArrayNode array = Json.array();
        types.forEach(array::add);
        return array;
    }

    private static ArrayNode union(JsonNode a, JsonNode b) {
        ArrayNode all = Json.array();
        Set<JsonNode> seen = new LinkedHashSet<>();
        for (JsonNode each : List.of(a, b)) {
            if (each.isArray()) {
                each.forEach(seen::add);
            } else {
                seen.add(each);
            }
        }
        return all.addAll(seen);
    }

    private JsonNode patterns(JsonNode a, JsonNode b, String place, int depth) {
        ObjectNode all = ((ObjectNode) a).deepCopy();
        for (String pattern : b.propertyNames()) {
            JsonNode known = a.path(pattern);
            all.set(
                    pattern,
                    known.isMissingNode()
                            ? b.path(pattern)
                            : both(known, b.path(pattern), place + "/patternProperties", depth + 1));
        }
        return all;
    }

    /** Every branch of one with every branch of the other. */
    private ArrayNode branches(JsonNode a, JsonNode b, String place, int depth) {
        if ((long) a.size() * b.size() > MAX_BRANCHES) {
            throw new GrammarException(place, "puts more than " + MAX_BRANCHES + " branches together");
        }
        ArrayNode all = Json.array();
        for (JsonNode first : a) {
            for (JsonNode second : b) {
                all.add(both(first, second, place, depth + 1));
            }
        }
        return all;
    }
}
