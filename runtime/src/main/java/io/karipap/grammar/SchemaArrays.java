package io.karipap.grammar;

import static io.karipap.grammar.Grammar.optional;
import static io.karipap.grammar.Grammar.sequence;
import static io.karipap.grammar.Grammar.text;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Arrays of a schema. */
final class SchemaArrays {
    private static final int MAX_ITEMS = 100_000;

    private SchemaArrays() {}

    static Grammar grammar(JsonSchema schemas, JsonNode schema, String place, int depth) {
        int min = SchemaKeywords.count(schema, "minItems", 0, place);
        int max = SchemaKeywords.count(schema, "maxItems", Grammar.UNBOUNDED, place);
        SchemaKeywords.checkOrder(min, max, min <= max, "minItems maxItems", place);
        if (min > MAX_ITEMS) {
            throw new GrammarException(place, "has minItems " + min + ", expected at most " + MAX_ITEMS);
        }
        boolean tuple = schema.path("items").isArray(); // as drafts before 2020-12 have it
        JsonNode first = schema.path(tuple ? "items" : "prefixItems");
        JsonNode rest = schema.path(tuple ? "additionalItems" : "items");
        String restPlace = place + (tuple ? "/additionalItems" : "/items");
        if (!first.isArray() && !first.isMissingNode()) {
            throw new GrammarException(place, "has \"prefixItems\" that are no array");
        }
        List<Grammar> prefix = new ArrayList<>();
        for (int i = 0; i < first.size() && i < max; i++) {
            prefix.add(schemas.compile(first.get(i), place + (tuple ? "/items/" : "/prefixItems/") + i, depth + 1));
        }
        Grammar item = rest.isMissingNode() ? JsonGrammar.value() : schemas.compile(rest, restPlace, depth + 1);
        if (prefix.isEmpty()) {
            return item == JsonSchema.IMPOSSIBLE && min == 0 ? text("[]") : JsonGrammar.array(item, min, max);
        }
        int count = prefix.size();
        int more = max == Grammar.UNBOUNDED ? max : max - count;
        Grammar later = more == 0 || item == JsonSchema.IMPOSSIBLE && min <= count
                ? Grammar.EMPTY
                : new Repetition(sequence(JsonGrammar.COMMA, item), Math.max(0, min - count), more);
        for (int i = count - 1; i >= 0; i--) {
            Grammar one = sequence(i == 0 ? Grammar.EMPTY : JsonGrammar.COMMA, prefix.get(i), later);
            later = i >= min ? optional(one) : one;
        }
        return sequence(text("["), later, text("]"));
    }
}
