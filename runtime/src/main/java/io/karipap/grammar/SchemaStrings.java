package io.karipap.grammar;

import static io.karipap.grammar.Grammar.sequence;
import static io.karipap.grammar.Grammar.text;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Strings of a schema. Where a pattern or a format decides, characters are written in one way only: escaped where they must be. */
final class SchemaStrings {
    private static final Dfa CHARACTER = Determinizer.dfa(CharacterCoding.JSON.one(CodePoints.ALL));

    /** Any contents, each written in one way. */
    static final Dfa ANYTHING = Determinizer.dfa(new Repetition(new Terminal(CHARACTER), 0, Grammar.UNBOUNDED));

    private SchemaStrings() {}

    /** A string, with its quotes. */
    static Grammar grammar(JsonNode schema, String place) {
        if (!schema.has("pattern") && !formatted(schema, place)) {
            int min = SchemaKeywords.count(schema, "minLength", 0, place);
            int max = SchemaKeywords.count(schema, "maxLength", Grammar.UNBOUNDED, place);
            SchemaKeywords.checkOrder(min, max, min <= max, "minLength maxLength", place);
            return JsonGrammar.string(min, max);
        }
        try {
            return quoted(contents(schema, place));
        } catch (TooLargeException e) {
            boolean onlyPattern = schema.path("pattern").isString()
                    && !formatted(schema, place)
                    && !schema.has("minLength")
                    && !schema.has("maxLength");
            if (!onlyPattern) {
                throw new GrammarException(place, "has a pattern, format or length that together " + e.getMessage());
            }
            return sequence(
                    text("\""), Regex.contentsInParts(schema.path("pattern").stringValue()), text("\""));
        }
    }

    /** Strings with these contents, with their quotes. */
    static Grammar quoted(Dfa contents) {
        return sequence(text("\""), new Terminal(Determinizer.dfa(sequence(new Terminal(contents), text("\"")))));
    }

    /** Exactly this string, with its quotes. */
    static Grammar quoted(String string) {
        return sequence(text("\""), CharacterCoding.JSON.text(string), text("\""));
    }

    /** What may stand between the quotes of a string that {@code schema} allows, {@code enum} and {@code const} left out. */
    static Dfa contents(JsonNode schema, String place) {
        int min = SchemaKeywords.count(schema, "minLength", 0, place);
        int max = SchemaKeywords.count(schema, "maxLength", Grammar.UNBOUNDED, place);
        SchemaKeywords.checkOrder(min, max, min <= max, "minLength maxLength", place);
        Dfa all = null;
        for (JsonNode pattern : patterns(schema)) {
            if (!pattern.isString()) {
                throw new GrammarException(place, "has the pattern " + pattern + ", expected a string");
            }
            try {
                all = both(all, Regex.contents(pattern.stringValue()));
            } catch (GrammarException e) {
                throw new GrammarException(place, "has a pattern that cannot be honoured: " + e.getMessage());
            }
        }
        if (formatted(schema, place)) {
            all = both(all, SchemaFormats.contents(schema.path("format").stringValue()));
        }
        all = all == null ? ANYTHING : all;
        return min == 0 && max == Grammar.UNBOUNDED ? all : DfaLengths.bounded(all, CHARACTER, min, max);
    }

    private static Dfa both(Dfa a, Dfa b) {
        return a == null ? b : DfaProduct.intersection(a, b);
    }

    /** One pattern, or those that {@link SchemaMerge} has put together. */
    private static List<JsonNode> patterns(JsonNode schema) {
        List<JsonNode> patterns = new ArrayList<>();
        JsonNode pattern = schema.path("pattern");
        if (pattern.isArray()) {
            pattern.forEach(patterns::add);
        } else if (!pattern.isMissingNode()) {
            patterns.add(pattern);
        }
        return patterns;
    }

    private static boolean formatted(JsonNode schema, String place) {
        JsonNode format = schema.path("format");
        if (format.isMissingNode() || SchemaFormats.ofNumbers(format.asString(""))) {
            return false;
        }
        if (!SchemaFormats.known(format.asString(""))) {
            throw new GrammarException(
                    place, "has the format " + format + ", expected one of " + SchemaFormats.names());
        }
        return true;
    }

    /** Whether contents that are given as text are among {@code contents}. */
    static boolean matches(Dfa contents, String string) {
        Dfa written = Determinizer.dfa(CharacterCoding.JSON.text(string));
        return !DfaProduct.intersection(contents, written).isEmpty();
    }
}
