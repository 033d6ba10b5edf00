package io.karipap.grammar;

import static io.karipap.grammar.Grammar.text;

import io.karipap.grammar.Grammar.Rule;
import io.karipap.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes a grammar of a JSON Schema (draft 2020-12). Every text of the grammar is valid by the schema, but not every valid text is in the
 * grammar: members come in the order of {@code properties}, those that the schema does not name are left out unless {@code
 * additionalProperties} says what they are, and where {@code type} is missing values are of the types that the other keywords speak of. A
 * keyword that cannot be honoured is refused.
 *
 * @since 0.1
 */
public final class JsonSchema {
    static final int MAX_DEPTH = 64;
    private static final int MAX_SCHEMAS = 2_000;

    /** What no value fulfils. */
    static final Grammar IMPOSSIBLE = new AnyOf(List.of());

    private final SchemaReferences references;
    private final SchemaMerge merge;
    private final Map<JsonNode, Rule> rules = new IdentityHashMap<>();
    private int schemas;

    private JsonSchema(JsonNode root) {
        this.references = new SchemaReferences(root);
        this.merge = new SchemaMerge(references);
    }

    /**
     * The texts that {@code schema} allows.
     *
     * @param schema JSON
     * @throws GrammarException if the schema is no JSON, is wrong, or asks for something that cannot be honoured
     */
    public static Grammar grammar(String schema) {
        JsonNode node;
        try {
            node = Json.parse(schema);
        } catch (JacksonException e) {
            throw new GrammarException("", "is not valid JSON: " + e.getOriginalMessage());
        }
        return grammar(node);
    }

    /** As {@link #grammar(String)}, for a schema that has been read. */
    static Grammar grammar(JsonNode schema) {
        Grammar grammar = new JsonSchema(schema).compile(schema, "", 0);
        Automaton.of(grammar, "the schema at its root"); // refuses what cannot be honoured
        return grammar;
    }

    SchemaMerge merge() {
        return merge;
    }

    SchemaReferences references() {
        return references;
    }

    Grammar compile(JsonNode schema, String place, int depth) {
        if (depth > MAX_DEPTH || ++schemas > MAX_SCHEMAS) {
            throw new GrammarException(
                    place, "goes too far: at most " + MAX_DEPTH + " deep and " + MAX_SCHEMAS + " schemas in all");
        }
        try {
            return compileOne(schema, place, depth);
        } catch (TooLargeException e) {
            throw new GrammarException(place, e.getMessage());
        }
    }

    private Grammar compileOne(JsonNode schema, String place, int depth) {
        if (schema.isBoolean()) {
            return schema.booleanValue() ? JsonGrammar.value() : IMPOSSIBLE;
        }
        if (!schema.isObject()) {
            throw new GrammarException(place, "is " + schema.getNodeType() + ", expected an object");
        }
        SchemaKeywords.check(schema, place);
        if (schema.has("$ref") && !SchemaKeywords.constrainsBesides(schema, Set.of("$ref"))) {
            return reference(schema.path("$ref"), place, depth);
        }
        if (schema.has("$ref") || schema.has("allOf")) {
            return compile(merge.flattened(schema, place, 0), place, depth + 1);
        }
        if (schema.has("anyOf")) {
            return branches((ObjectNode) schema, "anyOf", place, depth);
        }
        if (schema.has("oneOf")) {
            SchemaDisjoint.check(schema.path("oneOf"), merge, place);
            return branches((ObjectNode) schema, "oneOf", place, depth);
        }
        if (schema.has("enum") || schema.has("const")) {
            return constants((ObjectNode) schema, place, depth);
        }
        Set<String> types = SchemaKeywords.types(schema, place);
        if (types.equals(SchemaKeywords.TYPES) && !SchemaKeywords.constrainsBesides(schema, Set.of("type"))) {
            return JsonGrammar.value();
        }
        List<Grammar> options = new ArrayList<>();
        for (String type : types) {
            options.add(
                    switch (type) {
                        case "object" -> new SchemaObjects(this, schema, place, depth).grammar();
                        case "array" -> SchemaArrays.grammar(this, schema, place, depth);
                        case "string" -> SchemaStrings.grammar(schema, place);
                        case "integer" -> types.contains("number") ? IMPOSSIBLE : SchemaNumbers.integers(schema, place);
                        case "number" -> SchemaNumbers.numbers(schema, place);
                        case "boolean" -> JsonGrammar.BOOLEAN;
                        default -> JsonGrammar.NULL;
                    });
        }
        return options.size() == 1 ? options.getFirst() : new AnyOf(options);
    }

    private Grammar reference(JsonNode reference, String place, int depth) {
        JsonNode found = references.find(reference, place);
        Rule known = rules.get(found);
        if (known != null) {
            return known;
        }
        Rule rule = new Rule(reference.asString(""));
        rules.put(found, rule);
        rule.define(compile(found, reference.asString(""), depth + 1));
        return rule;
    }

    /** Any one of the branches, together with what stands beside them. */
    private Grammar branches(ObjectNode schema, String keyword, String place, int depth) {
        JsonNode branches = schema.path(keyword);
        if (!branches.isArray() || branches.isEmpty()) {
            throw new GrammarException(place, "has \"" + keyword + "\", expected an array of schemas");
        }
        ObjectNode rest = schema.deepCopy();
        rest.remove(keyword);
        boolean alone = !SchemaKeywords.constrainsBesides(rest, Set.of());
        List<Grammar> options = new ArrayList<>();
        for (int i = 0; i < branches.size(); i++) {
            String branchPlace = place + "/" + keyword + "/" + i;
            JsonNode branch = alone ? branches.get(i) : merge.both(rest, branches.get(i), branchPlace, 0);
            options.add(compile(branch, branchPlace, depth + 1));
        }
        return new AnyOf(options);
    }

    /** Those of the values that the other keywords allow. */
    private Grammar constants(ObjectNode schema, String place, int depth) {
        List<JsonNode> values = SchemaMerge.values(schema, place);
        ObjectNode rest = schema.deepCopy();
        rest.remove(List.of("enum", "const", "type"));
        Set<String> types = schema.has("type") ? SchemaKeywords.types(schema, place) : SchemaKeywords.TYPES;
        boolean constrained = SchemaKeywords.constrainsBesides(rest, Set.of());
        types.forEach(rest.putArray("type")::add);
        Machine others = constrained
                ? new Machine(Automaton.of(compile(rest, place, depth + 1), "the schema at " + place))
                : null;
        List<Grammar> options = new ArrayList<>();
        for (JsonNode value : values) {
            String written = Json.text(value);
            if (SchemaKeywords.isOf(value, types)
                    && (others == null || others.matches(written.getBytes(StandardCharsets.UTF_8)))) {
                options.add(text(written));
            }
        }
        if (options.isEmpty()) {
            throw new GrammarException(
                    place, "allows no value; expected \"const\", or \"enum\" with values of its type");
        }
        return new AnyOf(options);
    }
}
