package io.karipap.grammar;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Whether no value fulfils two schemas: then {@code oneOf} is {@code anyOf}. What cannot be told counts as not disjoint. */
final class SchemaDisjoint {
    private static final int MAX_DEPTH = 6;

    private final SchemaMerge merge;

    private SchemaDisjoint(SchemaMerge merge) {
        this.merge = merge;
    }

    /** @throws GrammarException if two branches might both be fulfilled */
    static void check(JsonNode branches, SchemaMerge merge, String place) {
        SchemaDisjoint disjoint = new SchemaDisjoint(merge);
        for (int i = 0; i < branches.size(); i++) {
            for (int j = 0; j < i; j++) {
                if (!disjoint.disjoint(branches.get(j), branches.get(i), place, 0)) {
                    throw new GrammarException(
                            place,
                            "has \"oneOf\" whose branches " + j + " and " + i + " may both be fulfilled; supported are"
                                    + " branches that differ in type, values, bounds, or a required member, and \"anyOf\"");
                }
            }
        }
    }

    private boolean disjoint(JsonNode first, JsonNode second, String place, int depth) {
        if (depth > MAX_DEPTH) {
            return false;
        }
        JsonNode a = merge.flattened(first, place, 0);
        JsonNode b = merge.flattened(second, place, 0);
        if (a.isBoolean() || b.isBoolean()) {
            return a.isBoolean() && !a.booleanValue() || b.isBoolean() && !b.booleanValue();
        }
        for (String keyword : new String[] {"anyOf", "oneOf"}) {
            if (a.has(keyword) && all(a.path(keyword), b, place, depth)
                    || b.has(keyword) && all(b.path(keyword), a, place, depth)) {
                return true;
            }
        }
        boolean valuesA = a.has("enum") || a.has("const");
        boolean valuesB = b.has("enum") || b.has("const");
        if (valuesA && valuesB) {
            List<JsonNode> common = new ArrayList<>(SchemaMerge.values(a, place));
            common.retainAll(SchemaMerge.values(b, place));
            return common.isEmpty();
        }
        Set<String> types = declared(a, place);
        Set<String> others = declared(b, place);
        if (valuesA || valuesB) {
            Set<String> allowed = valuesA ? others : types;
            List<JsonNode> values = SchemaMerge.values(valuesA ? a : b, place);
            if (values.stream().noneMatch(value -> SchemaKeywords.isOf(value, allowed))) {
                return true;
            }
        }
        Set<String> common = new LinkedHashSet<>(types);
        common.retainAll(others);
        if (types.contains("number") && others.contains("integer")
                || types.contains("integer") && others.contains("number")) {
            common.add("integer");
        }
        return common.stream().allMatch(type -> disjoint(type, a, b, place, depth));
    }

    private boolean all(JsonNode branches, JsonNode other, String place, int depth) {
        for (JsonNode branch : branches) {
            if (!disjoint(branch, other, place, depth + 1)) {
                return false;
            }
        }
        return true;
    }

    /** Without {@code type} a value may be of any. */
    private static Set<String> declared(JsonNode schema, String place) {
        if (schema.has("type")) {
            return SchemaKeywords.types(schema, place);
        }
        if (!schema.has("enum") && !schema.has("const")) {
            return SchemaKeywords.types(schema, place); // as values are written where it is missing
        }
        Set<String> types = new LinkedHashSet<>();
        SchemaMerge.values(schema, place).forEach(value -> types.add(SchemaKeywords.typeOf(value)));
        return types;
    }

    private boolean disjoint(String type, JsonNode a, JsonNode b, String place, int depth) {
        return switch (type) {
            case "object" -> objects(a, b, place, depth) || objects(b, a, place, depth);
            case "string" -> strings(a, b, place);
            case "integer", "number" -> numbers(a, b, place) || numbers(b, a, place);
            case "array" ->
                SchemaKeywords.count(a, "maxItems", Grammar.UNBOUNDED, place)
                                < SchemaKeywords.count(b, "minItems", 0, place)
                        || SchemaKeywords.count(b, "maxItems", Grammar.UNBOUNDED, place)
                                < SchemaKeywords.count(a, "minItems", 0, place);
            default -> false;
        };
    }

    /** A required member of {@code a} cannot be in {@code b}, or cannot have the same value there. */
    private boolean objects(JsonNode a, JsonNode b, String place, int depth) {
        for (JsonNode required : a.path("required")) {
            String name = required.asString("");
            JsonNode inA = a.path("properties").path(name);
            JsonNode inB = b.path("properties").path(name);
            boolean closed = b.path("additionalProperties").isBoolean()
                    && !b.path("additionalProperties").booleanValue()
                    && !b.has("patternProperties");
            if (inB.isMissingNode() && closed
                    || !inA.isMissingNode() && !inB.isMissingNode() && disjoint(inA, inB, place, depth + 1)) {
                return true;
            }
        }
        return false;
    }

    private static boolean strings(JsonNode a, JsonNode b, String place) {
        int minA = SchemaKeywords.count(a, "minLength", 0, place);
        int minB = SchemaKeywords.count(b, "minLength", 0, place);
        if (SchemaKeywords.count(a, "maxLength", Grammar.UNBOUNDED, place) < minB
                || SchemaKeywords.count(b, "maxLength", Grammar.UNBOUNDED, place) < minA) {
            return true;
        }
        boolean described = (a.has("pattern") || a.has("format")) && (b.has("pattern") || b.has("format"));
        try {
            return described
                    && DfaProduct.intersection(SchemaStrings.contents(a, place), SchemaStrings.contents(b, place))
                            .isEmpty();
        } catch (TooLargeException e) {
            return false;
        }
    }

    private static boolean numbers(JsonNode low, JsonNode high, String place) {
        SchemaNumbers.Bounds below = SchemaNumbers.bounds(low, place);
        SchemaNumbers.Bounds above = SchemaNumbers.bounds(high, place);
        BigDecimal max = below.max();
        BigDecimal min = above.min();
        return max != null
                && min != null
                && (max.compareTo(min) < 0 || max.compareTo(min) == 0 && (below.maxExcluded() || above.minExcluded()));
    }
}
