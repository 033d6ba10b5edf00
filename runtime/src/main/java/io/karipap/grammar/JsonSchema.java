package io.karipap.grammar;

import static io.karipap.grammar.Grammar.choice;
import static io.karipap.grammar.Grammar.sequence;
import static io.karipap.grammar.Grammar.text;

import io.karipap.grammar.Grammar.Rule;
import io.karipap.json.Json;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Makes a grammar of a JSON Schema (draft 2020-12). Every text of the grammar is valid by the schema, but not every valid text is in the
 * grammar: members come in the order of {@code properties}, and members that the schema does not name are left out. A keyword that cannot
 * be honoured is refused.
 *
 * @since 0.1
 */
public final class JsonSchema {
    private static final int MAX_DEPTH = 64;
    private static final int MAX_SCHEMAS = 2_000;
    private static final long MAX_BOUND = 999_999_999_999_999L;

    private static final Set<String> ANNOTATIONS = Set.of(
            "$schema",
            "$id",
            "$comment",
            "$defs",
            "definitions",
            "title",
            "description",
            "default",
            "examples",
            "deprecated",
            "readOnly",
            "writeOnly");
    private static final Map<String, Set<String>> KEYWORDS = Map.of(
            "object", Set.of("properties", "required", "additionalProperties"),
            "array", Set.of("items", "minItems", "maxItems"),
            "string", Set.of("minLength", "maxLength"),
            "integer", Set.of("minimum", "maximum"),
            "number", Set.of("minimum"),
            "boolean", Set.of(),
            "null", Set.of());

    private final JsonNode root;
    private final Map<String, Rule> references = new HashMap<>();
    private int schemas;

    private JsonSchema(JsonNode root) {
        this.root = root;
    }

    /**
     * The texts that {@code schema} allows.
     *
     * @param schema JSON
     * @throws GrammarException if the schema is no JSON, is wrong, or asks for something that cannot be honoured
     */
    public static Grammar grammar(String schema) {
        try {
            return grammar(Json.parse(schema));
        } catch (JacksonException e) {
            throw new GrammarException("", "is not valid JSON: " + e.getOriginalMessage());
        }
    }

    /** As {@link #grammar(String)}, for a schema that has been read. */
    static Grammar grammar(JsonNode schema) {
        Grammar grammar = new JsonSchema(schema).compile(schema, "", 0);
        Automaton.of(grammar); // refuses what cannot be honoured
        return grammar;
    }

    private Grammar compile(JsonNode schema, String place, int depth) {
        if (depth > MAX_DEPTH || ++schemas > MAX_SCHEMAS) {
            throw new GrammarException(
                    place, "goes too far: at most " + MAX_DEPTH + " deep and " + MAX_SCHEMAS + " schemas in all");
        }
        if (schema.isBoolean()) {
            if (!schema.booleanValue()) {
                throw new GrammarException(place, "is false, which allows no text");
            }
            return JsonGrammar.value();
        }
        if (!schema.isObject()) {
            throw new GrammarException(place, "is " + schema.getNodeType() + ", expected an object");
        }
        if (schema.has("$ref")) {
            onlyWith(schema, place, Set.of("$ref"));
            return reference(schema.path("$ref"), place, depth);
        }
        if (schema.has("anyOf") || schema.has("allOf")) {
            return combined(schema, place, depth);
        }
        if (schema.has("enum") || schema.has("const")) {
            return constants(schema, place);
        }
        Set<String> types = types(schema, place);
        Set<String> known = new LinkedHashSet<>(Set.of("type"));
        if (types.size() == KEYWORDS.size()) {
            onlyWith(schema, place, known);
            return JsonGrammar.value();
        }
        types.forEach(type -> known.addAll(KEYWORDS.get(type)));
        onlyWith(schema, place, known);
        List<Grammar> options = new ArrayList<>();
        for (String type : types) {
            options.add(
                    switch (type) {
                        case "object" -> object(schema, place, depth);
                        case "array" -> array(schema, place, depth);
                        case "string" -> string(schema, place);
                        case "integer" -> integer(schema, place);
                        case "number" -> number(schema, place);
                        case "boolean" -> JsonGrammar.BOOLEAN;
                        default -> JsonGrammar.NULL;
                    });
        }
        return options.size() == 1 ? options.getFirst() : new AnyOf(options);
    }

    private static void onlyWith(JsonNode schema, String place, Collection<String> known) {
        for (String keyword : schema.propertyNames()) {
            if (!known.contains(keyword) && !ANNOTATIONS.contains(keyword)) {
                throw new GrammarException(
                        place,
                        "has \"" + keyword + "\", which is not supported here; supported are "
                                + String.join(", ", known));
            }
        }
    }

    /** What {@code type} says, or what the other keywords let guess. */
    private static Set<String> types(JsonNode schema, String place) {
        Set<String> types = new LinkedHashSet<>();
        JsonNode type = schema.path("type");
        if (type.isArray()) {
            type.forEach(each -> types.add(each.asString("")));
        } else if (type.isString()) {
            types.add(type.stringValue());
        } else if (schema.has("properties") || schema.has("required")) {
            types.add("object");
        } else if (schema.has("items")) {
            types.add("array");
        } else if (type.isMissingNode()) {
            types.addAll(KEYWORDS.keySet());
        }
        if (types.isEmpty() || !KEYWORDS.keySet().containsAll(types)) {
            throw new GrammarException(
                    place, "has the type " + type + ", expected one or some of " + KEYWORDS.keySet());
        }
        return types;
    }

    private Grammar reference(JsonNode reference, String place, int depth) {
        String target = reference.asString("");
        if (!target.equals("#") && !target.startsWith("#/")) {
            throw new GrammarException(
                    place, "refers to " + reference + ", expected a place in the schema, as #/$defs/x");
        }
        Rule known = references.get(target);
        if (known != null) {
            return known;
        }
        JsonNode found = root.at(target.substring(1));
        if (found.isMissingNode()) {
            throw new GrammarException(place, "refers to " + target + ", which is not there");
        }
        Rule rule = new Rule();
        references.put(target, rule);
        rule.define(compile(found, target, depth + 1));
        return rule;
    }

    private Grammar combined(JsonNode schema, String place, int depth) {
        String keyword = schema.has("anyOf") ? "anyOf" : "allOf";
        onlyWith(schema, place, Set.of(keyword));
        JsonNode parts = schema.path(keyword);
        if (!parts.isArray() || parts.isEmpty() || keyword.equals("allOf") && parts.size() != 1) {
            throw new GrammarException(
                    place,
                    "has \"" + keyword + "\", expected an array of " + (keyword.equals("anyOf") ? "schemas" : "one"));
        }
        List<Grammar> options = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            options.add(compile(parts.get(i), place + "/" + keyword + "/" + i, depth + 1));
        }
        return new AnyOf(options);
    }

    private static Grammar constants(JsonNode schema, String place) {
        onlyWith(schema, place, Set.of("enum", "const", "type"));
        Set<String> types = types(schema, place);
        JsonNode values = schema.has("const") ? Json.array().add(schema.path("const")) : schema.path("enum");
        List<Grammar> options = new ArrayList<>();
        for (JsonNode value : values) {
            if (types.contains(typeOf(value)) || types.contains("number") && value.isNumber()) {
                options.add(text(Json.text(value)));
            }
        }
        if (options.isEmpty() || schema.has("const") && schema.has("enum")) {
            throw new GrammarException(
                    place, "allows no value; expected \"const\", or \"enum\" with values of its type");
        }
        return new AnyOf(options);
    }

    private static String typeOf(JsonNode value) {
        return switch (value.getNodeType()) {
            case OBJECT -> "object";
            case ARRAY -> "array";
            case STRING -> "string";
            case BOOLEAN -> "boolean";
            case NULL -> "null";
            default -> value.isIntegralNumber() ? "integer" : "number";
        };
    }

    private Grammar object(JsonNode schema, String place, int depth) {
        Map<String, Grammar> members = new LinkedHashMap<>();
        JsonNode properties = schema.path("properties");
        if (!properties.isMissingNode() && !properties.isObject()) {
            throw new GrammarException(place, "has \"properties\" that are no object");
        }
        properties
                .properties()
                .forEach(each -> members.put(
                        each.getKey(), compile(each.getValue(), place + "/properties/" + each.getKey(), depth + 1)));
        JsonNode additional = schema.path("additionalProperties");
        boolean closed = additional.isBoolean() && !additional.booleanValue();
        Grammar other = additional.isMissingNode() || additional.isBoolean()
                ? JsonGrammar.value()
                : compile(additional, place + "/additionalProperties", depth + 1);
        Set<String> required = required(schema, place);
        if (members.isEmpty() && required.isEmpty()) {
            return closed ? text("{}") : JsonGrammar.object(other);
        }
        for (String name : required) {
            if (!members.containsKey(name) && closed) {
                throw new GrammarException(place, "requires \"" + name + "\", which it does not allow");
            }
            members.putIfAbsent(name, other);
        }
        return sequence(text("{"), members(members, required), text("}"));
    }

    private static Set<String> required(JsonNode schema, String place) {
        Set<String> required = new LinkedHashSet<>();
        for (JsonNode name : schema.path("required")) {
            if (!name.isString()) {
                throw new GrammarException(place, "requires " + name + ", expected names");
            }
            required.add(name.stringValue());
        }
        return required;
    }

    /** Members in their order, those that are not required may be left out; made from the last to the first. */
    private static Grammar members(Map<String, Grammar> members, Set<String> required) {
        Grammar first = Grammar.EMPTY; // where no member has been written yet
        Grammar later = Grammar.EMPTY;
        for (Map.Entry<String, Grammar> member : List.copyOf(members.entrySet()).reversed()) {
            Grammar name = text(Json.text(member.getKey()));
            Grammar one = sequence(name, JsonGrammar.COLON, member.getValue(), later);
            Grammar another = sequence(JsonGrammar.COMMA, one);
            boolean mayBeLeftOut = !required.contains(member.getKey());
            first = mayBeLeftOut ? choice(one, first) : one;
            later = mayBeLeftOut ? choice(another, later) : another;
        }
        return first;
    }

    private Grammar array(JsonNode schema, String place, int depth) {
        Grammar element =
                schema.has("items") ? compile(schema.path("items"), place + "/items", depth + 1) : JsonGrammar.value();
        int min = count(schema, "minItems", 0, place);
        int max = count(schema, "maxItems", Grammar.UNBOUNDED, place);
        checkOrder(min, max, "minItems", "maxItems", place);
        return JsonGrammar.array(element, min, max);
    }

    private static Grammar string(JsonNode schema, String place) {
        int min = count(schema, "minLength", 0, place);
        int max = count(schema, "maxLength", Grammar.UNBOUNDED, place);
        checkOrder(min, max, "minLength", "maxLength", place);
        return JsonGrammar.string(min, max);
    }

    private static Grammar integer(JsonNode schema, String place) {
        if (!schema.has("minimum") && !schema.has("maximum")) {
            return JsonGrammar.INTEGER;
        }
        long limit = MAX_BOUND;
        long min = bound(schema, "minimum", -limit, place);
        long max = bound(schema, "maximum", limit, place);
        checkOrder(min, max, "minimum", "maximum", place);
        return JsonGrammar.integers(min, max);
    }

    private static Grammar number(JsonNode schema, String place) {
        if (!schema.has("minimum")) {
            return JsonGrammar.NUMBER;
        }
        if (schema.path("minimum").asDouble(-1) != 0) {
            throw new GrammarException(
                    place, "has a minimum of " + schema.path("minimum") + ", of numbers only 0 is supported");
        }
        return JsonGrammar.NOT_NEGATIVE_NUMBER;
    }

    private static int count(JsonNode schema, String keyword, int absent, String place) {
        JsonNode node = schema.path(keyword);
        if (node.isMissingNode()) {
            return absent;
        }
        if (!node.isIntegralNumber() || !node.canConvertToInt() || node.intValue() < 0) {
            throw new GrammarException(
                    place, "has \"" + keyword + "\": " + node + ", expected an integer of at least 0");
        }
        return node.intValue();
    }

    private static long bound(JsonNode schema, String keyword, long absent, String place) {
        JsonNode node = schema.path(keyword);
        if (node.isMissingNode()) {
            return absent;
        }
        if (!node.isIntegralNumber() || !node.canConvertToLong() || Math.abs(node.longValue()) > MAX_BOUND) {
            throw new GrammarException(
                    place, "has \"" + keyword + "\": " + node + ", expected an integer of at most 15 digits");
        }
        return node.longValue();
    }

    private static void checkOrder(long min, long max, String minName, String maxName, String place) {
        if (min > max) {
            throw new GrammarException(place, "has " + minName + " " + min + " and " + maxName + " " + max);
        }
    }
}
