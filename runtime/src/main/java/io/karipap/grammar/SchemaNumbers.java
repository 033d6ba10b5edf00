package io.karipap.grammar;

import java.math.BigDecimal;
import java.math.RoundingMode;
import tools.jackson.databind.JsonNode;

/** Integers and numbers of a schema. */
final class SchemaNumbers {
    /** Numbers with bounds have at most so many digits before the point. */
    private static final BigDecimal LIMIT = new BigDecimal("999999999999999");

    private static final int MAX_FRACTION = 15;

    private SchemaNumbers() {}

    /**
     * Limits of a number.
     *
     * @param min null for none
     * @param max null for none
     */
    record Bounds(BigDecimal min, boolean minExcluded, BigDecimal max, boolean maxExcluded) {
        boolean none() {
            return min == null && max == null;
        }
    }

    static Grammar integers(JsonNode schema, String place) {
        Bounds bounds = bounds(schema, place);
        if (bounds.none()) {
            return JsonGrammar.INTEGER;
        }
        BigDecimal min = bounds.min() == null ? LIMIT.negate() : bounds.min().setScale(0, RoundingMode.CEILING);
        BigDecimal max = bounds.max() == null ? LIMIT : bounds.max().setScale(0, RoundingMode.FLOOR);
        if (bounds.minExcluded() && min.compareTo(bounds.min()) == 0) {
            min = min.add(BigDecimal.ONE);
        }
        if (bounds.maxExcluded() && max.compareTo(bounds.max()) == 0) {
            max = max.subtract(BigDecimal.ONE);
        }
        min = min.max(LIMIT.negate());
        max = max.min(LIMIT);
        SchemaKeywords.checkOrder(
                min.toPlainString(), max.toPlainString(), min.compareTo(max) <= 0, "minimum maximum", place);
        return JsonGrammar.integers(min.longValueExact(), max.longValueExact());
    }

    static Grammar numbers(JsonNode schema, String place) {
        Bounds bounds = bounds(schema, place);
        if (bounds.none()) {
            return JsonGrammar.NUMBER;
        }
        if (bounds.max() == null && bounds.min().signum() == 0 && !bounds.minExcluded()) {
            return JsonGrammar.NOT_NEGATIVE_NUMBER;
        }
        BigDecimal min = bounds.min() == null ? LIMIT.negate() : bounds.min();
        BigDecimal max = bounds.max() == null ? LIMIT : bounds.max();
        int order = min.compareTo(max);
        SchemaKeywords.checkOrder(
                min.toPlainString(),
                max.toPlainString(),
                order < 0 || order == 0 && !bounds.minExcluded() && !bounds.maxExcluded(),
                "minimum maximum",
                place);
        return new Terminal(DecimalRange.of(min, bounds.minExcluded(), max, bounds.maxExcluded()));
    }

    /** @throws GrammarException if a bound is no number, or has too many digits */
    static Bounds bounds(JsonNode schema, String place) {
        BigDecimal min = bound(schema, "minimum", place);
        BigDecimal above = bound(schema, "exclusiveMinimum", place);
        BigDecimal max = bound(schema, "maximum", place);
        BigDecimal below = bound(schema, "exclusiveMaximum", place);
        boolean minExcluded = above != null && (min == null || above.compareTo(min) >= 0);
        boolean maxExcluded = below != null && (max == null || below.compareTo(max) <= 0);
        return new Bounds(minExcluded ? above : min, minExcluded, maxExcluded ? below : max, maxExcluded);
    }

    private static BigDecimal bound(JsonNode schema, String keyword, String place) {
        JsonNode node = schema.path(keyword);
        if (node.isMissingNode()) {
            return null;
        }
        if (!node.isNumber()) {
            throw new GrammarException(place, "has \"" + keyword + "\": " + node + ", expected a number");
        }
        BigDecimal value = node.decimalValue();
        boolean lower = keyword.endsWith("inimum");
        if (lower ? value.compareTo(LIMIT.negate()) < 0 : value.compareTo(LIMIT) > 0) {
            return lower ? LIMIT.negate() : LIMIT; // no number that is written has more digits
        }
        if (value.abs().compareTo(LIMIT) > 0 || value.stripTrailingZeros().scale() > MAX_FRACTION) {
            throw new GrammarException(
                    place,
                    "has \"" + keyword + "\": " + node + ", expected at most 15 digits before and after the point");
        }
        return value;
    }
}
