package io.karipap.grammar;

import static io.karipap.grammar.Grammar.choice;
import static io.karipap.grammar.Grammar.optional;
import static io.karipap.grammar.Grammar.sequence;
import static io.karipap.grammar.Grammar.text;

import io.karipap.grammar.Grammar.Rule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Objects of one schema: named members in their order, then those that patterns or {@code additionalProperties} describe. */
final class SchemaObjects {
    /** Members after which a rule of its own goes on, so that nothing is nested too deep. */
    private static final int MEMBERS_A_RULE = 40;

    private final JsonSchema schemas;
    private final JsonNode schema;
    private final String place;
    private final int depth;
    private final Map<String, Grammar> named = new LinkedHashMap<>();
    private final Set<String> required = new LinkedHashSet<>();
    private final SchemaKeys keys;

    SchemaObjects(JsonSchema schemas, JsonNode schema, String place, int depth) {
        this.schemas = schemas;
        this.schema = schema;
        this.place = place;
        this.depth = depth;
        this.keys = new SchemaKeys(schemas, schema, place);
    }

    Grammar grammar() {
        JsonNode properties = schema.path("properties");
        if (!properties.isMissingNode() && !properties.isObject()) {
            throw new GrammarException(place, "has \"properties\" that are no object");
        }
        readRequired();
        JsonNode additional = schema.path("additionalProperties");
        boolean closed = additional.isBoolean() && !additional.booleanValue();
        for (String name : properties.propertyNames()) {
            member(name, properties.path(name), "/properties/" + name);
        }
        for (String name : required) {
            if (!properties.has(name)) {
                if (closed && !keys.matchesPattern(name)) {
                    throw new GrammarException(place, "requires \"" + name + "\", which it does not allow");
                }
                member(name, keys.matchesPattern(name) ? keys.anything() : additional(), "/additionalProperties");
            }
        }
        int min = SchemaKeywords.count(schema, "minProperties", 0, place);
        int max = SchemaKeywords.count(schema, "maxProperties", Grammar.UNBOUNDED, place);
        SchemaKeywords.checkOrder(min, max, min <= max, "minProperties maxProperties", place);
        boolean others = additional.isObject() || schema.has("patternProperties") || named.isEmpty();
        Grammar extra =
                others && !(closed && !schema.has("patternProperties")) ? extra(additional()) : JsonSchema.IMPOSSIBLE;
        if (named.isEmpty()) {
            return map(extra, min, max);
        }
        if (extra != JsonSchema.IMPOSSIBLE && max < Grammar.UNBOUNDED) {
            extra = JsonSchema.IMPOSSIBLE; // those are left out that would have to be counted
        }
        if (min > Math.max(required.size(), 1) || max < named.size()) {
            throw new GrammarException(
                    place,
                    "has \"minProperties\" or \"maxProperties\" that \"properties\" and \"required\" do not fulfil by"
                            + " themselves, which is not supported");
        }
        return sequence(text("{"), members(extra, min > 0), text("}"));
    }

    private JsonNode additional() {
        JsonNode additional = schema.path("additionalProperties");
        return additional.isMissingNode() ? keys.anything() : additional;
    }

    private void readRequired() {
        if (schema.has("required") && !schema.path("required").isArray()) {
            throw new GrammarException(place, "has \"required\": " + schema.path("required") + ", expected names");
        }
        for (JsonNode name : schema.path("required")) {
            if (!name.isString()) {
                throw new GrammarException(place, "requires " + name + ", expected names");
            }
            required.add(name.stringValue());
        }
    }

    private void member(String name, JsonNode value, String where) {
        if (!keys.allows(name)) {
            named.put(name, JsonSchema.IMPOSSIBLE);
            return;
        }
        JsonNode all = keys.withPatterns(name, value);
        named.put(name, schemas.compile(all, place + where, depth + 1));
    }

    /** A member that has no name in the schema. */
    private Grammar extra(JsonNode additional) {
        List<Grammar> options = new ArrayList<>();
        boolean plain = named.isEmpty() && !schema.has("patternProperties") && !schema.has("propertyNames");
        if (plain) {
            Grammar value = schemas.compile(additional, place + "/additionalProperties", depth + 1);
            return value == JsonSchema.IMPOSSIBLE ? value : sequence(JsonGrammar.STRING, JsonGrammar.COLON, value);
        }
        for (SchemaKeys.Group group : keys.groups(named.keySet(), additional)) {
            Grammar value = schemas.compile(group.value(), place + group.place(), depth + 1);
            if (value != JsonSchema.IMPOSSIBLE) {
                options.add(sequence(SchemaStrings.quoted(group.keys()), JsonGrammar.COLON, value));
            }
        }
        return options.isEmpty() ? JsonSchema.IMPOSSIBLE : new AnyOf(options);
    }

    /** An object without named members; the same name may come twice, so that more than one cannot be asked for. */
    private Grammar map(Grammar extra, int min, int max) {
        if (min > 1) {
            throw new GrammarException(
                    place, "has minProperties " + min + " where names are free, of which at most 1 is supported");
        }
        if (extra == JsonSchema.IMPOSSIBLE || max == 0) {
            return min > 0 ? JsonSchema.IMPOSSIBLE : text("{}");
        }
        Grammar more = new Repetition(sequence(JsonGrammar.COMMA, extra), 0, max == Grammar.UNBOUNDED ? max : max - 1);
        Grammar all = sequence(extra, more);
        return sequence(text("{"), min > 0 ? all : optional(all), text("}"));
    }

    /** Members in their order, those that are not required may be left out; made from the last to the first. */
    private Grammar members(Grammar extra, boolean atLeastOne) {
        boolean none = extra == JsonSchema.IMPOSSIBLE;
        Grammar later = none ? Grammar.EMPTY : new Repetition(sequence(JsonGrammar.COMMA, extra), 0, Grammar.UNBOUNDED);
        Grammar begun = none ? JsonSchema.IMPOSSIBLE : sequence(extra, later);
        Grammar first = atLeastOne ? begun : none ? Grammar.EMPTY : optional(begun);
        int made = 0;
        for (Map.Entry<String, Grammar> member : List.copyOf(named.entrySet()).reversed()) {
            boolean mayBeLeftOut = !required.contains(member.getKey());
            if (mayBeLeftOut && member.getValue() == JsonSchema.IMPOSSIBLE) {
                continue;
            }
            Grammar name = SchemaStrings.quoted(member.getKey());
            Grammar one = sequence(name, JsonGrammar.COLON, member.getValue(), later);
            Grammar another = sequence(JsonGrammar.COMMA, one);
            first = mayBeLeftOut ? choice(one, first) : one;
            later = mayBeLeftOut ? choice(another, later) : another;
            if (++made % MEMBERS_A_RULE == 0) {
                first = rule(first);
                later = rule(later);
            }
        }
        return first;
    }

    private static Grammar rule(Grammar definition) {
        Rule rule = new Rule();
        rule.define(definition);
        return rule;
    }
}
