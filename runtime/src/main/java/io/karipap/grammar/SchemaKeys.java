package io.karipap.grammar;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.BooleanNode;

/** Names of the members of one schema: what {@code patternProperties} and {@code propertyNames} say of them. */
final class SchemaKeys {
    private static final int MAX_GROUPS = 32;

    private final JsonSchema schemas;
    private final String place;
    private final Map<String, Dfa> patterns = new LinkedHashMap<>();
    private final JsonNode values;
    private final Dfa names;

    /**
     * Names whose members have values of one schema.
     *
     * @param keys what may stand between the quotes
     * @param place where the schema stands, from that of the object
     */
    record Group(Dfa keys, JsonNode value, String place) {}

    SchemaKeys(JsonSchema schemas, JsonNode schema, String place) {
        this.schemas = schemas;
        this.place = place;
        this.values = schema.path("patternProperties");
        for (String pattern : values.propertyNames()) {
            try {
                patterns.put(pattern, Regex.contents(pattern));
            } catch (GrammarException e) {
                throw new GrammarException(place + "/patternProperties", "cannot be honoured: " + e.getMessage());
            }
        }
        this.names = schema.has("propertyNames")
                ? names(schema.path("propertyNames"), place + "/propertyNames")
                : SchemaStrings.ANYTHING;
    }

    JsonNode anything() {
        return BooleanNode.TRUE;
    }

    private Dfa names(JsonNode schema, String where) {
        JsonNode flat = schemas.merge().flattened(schema, where, 0);
        if (flat.isBoolean()) {
            return flat.booleanValue() ? SchemaStrings.ANYTHING : Determinizer.dfa(JsonSchema.IMPOSSIBLE);
        }
        SchemaKeywords.check(flat, where);
        if (flat.has("anyOf") || flat.has("oneOf")) {
            throw new GrammarException(where, "has alternatives, which are not supported for names");
        }
        if (!SchemaKeywords.types(flat, where).contains("string")) {
            return Determinizer.dfa(JsonSchema.IMPOSSIBLE);
        }
        Dfa contents = SchemaStrings.contents(flat, where);
        if (!flat.has("enum") && !flat.has("const")) {
            return contents;
        }
        List<Grammar> options = new ArrayList<>();
        for (JsonNode value : SchemaMerge.values(flat, where)) {
            if (value.isString()) {
                options.add(CharacterCoding.JSON.text(value.stringValue()));
            }
        }
        return DfaProduct.intersection(contents, Determinizer.dfa(new AnyOf(options)));
    }

    boolean allows(String name) {
        return names == SchemaStrings.ANYTHING || SchemaStrings.matches(names, name);
    }

    boolean matchesPattern(String name) {
        return patterns.values().stream().anyMatch(dfa -> SchemaStrings.matches(dfa, name));
    }

    /** What a named member must be, together with what the patterns say that match its name. */
    JsonNode withPatterns(String name, JsonNode value) {
        JsonNode all = value;
        for (Map.Entry<String, Dfa> pattern : patterns.entrySet()) {
            if (SchemaStrings.matches(pattern.getValue(), name)) {
                all = schemas.merge().both(all, values.path(pattern.getKey()), place + "/patternProperties", 0);
            }
        }
        return all;
    }

    /** Names that are not among {@code named}, by what their values must be. */
    List<Group> groups(Set<String> named, JsonNode additional) {
        List<Grammar> known = new ArrayList<>();
        named.forEach(name -> known.add(CharacterCoding.JSON.text(name)));
        Dfa free = DfaProduct.difference(names, Determinizer.dfa(new AnyOf(known)));
        List<Group> groups = new ArrayList<>(List.of(new Group(free, null, "/additionalProperties")));
        for (Map.Entry<String, Dfa> pattern : patterns.entrySet()) {
            JsonNode value = values.path(pattern.getKey());
            String where = "/patternProperties/" + pattern.getKey();
            List<Group> next = new ArrayList<>();
            for (Group group : groups) {
                Dfa both = DfaProduct.intersection(group.keys(), pattern.getValue());
                Dfa rest = DfaProduct.difference(group.keys(), pattern.getValue());
                JsonNode all =
                        group.value() == null ? value : schemas.merge().both(group.value(), value, place + where, 0);
                add(next, both, all, where);
                add(next, rest, group.value(), group.place());
            }
            groups = next;
        }
        List<Group> all = new ArrayList<>();
        for (Group group : groups) {
            add(all, group.keys(), group.value() == null ? additional : group.value(), group.place());
        }
        return all;
    }

    private void add(List<Group> groups, Dfa keys, JsonNode value, String where) {
        if (!keys.isEmpty()) {
            groups.add(new Group(keys, value, where));
        }
        if (groups.size() > MAX_GROUPS) {
            throw new GrammarException(
                    place, "has patterns of names that overlap in more than " + MAX_GROUPS + " ways");
        }
    }
}
