package io.karipap.grammar;

import static io.karipap.grammar.Grammar.choice;
import static io.karipap.grammar.Grammar.optional;
import static io.karipap.grammar.Grammar.range;
import static io.karipap.grammar.Grammar.sequence;
import static io.karipap.grammar.Grammar.text;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;

/** Decimal numbers of a range, without exponents, with up to 15 digits before and after the point, and no −0. */
final class DecimalRange {
    private static final int DIGITS = 15;
    private static final long LARGEST = 999_999_999_999_999L;

    private DecimalRange() {}

    static Dfa of(BigDecimal min, boolean minExcluded, BigDecimal max, boolean maxExcluded) {
        List<Grammar> options = new ArrayList<>();
        if (max.signum() > 0 || max.signum() == 0 && !maxExcluded) {
            boolean fromZero = min.signum() < 0;
            options.add(new Terminal(
                    between(fromZero ? BigDecimal.ZERO : min, !fromZero && minExcluded, max, maxExcluded)));
        }
        if (min.signum() < 0) {
            boolean toZero = max.signum() >= 0;
            Dfa absolute =
                    between(toZero ? BigDecimal.ZERO : max.negate(), toZero || maxExcluded, min.negate(), minExcluded);
            options.add(sequence(text("-"), new Terminal(absolute)));
        }
        return Determinizer.dfa(new AnyOf(options));
    }

    /** Numbers that are not negative. */
    private static Dfa between(BigDecimal min, boolean minExcluded, BigDecimal max, boolean maxExcluded) {
        return DfaProduct.intersection(
                Determinizer.dfa(atLeast(min, minExcluded)), Determinizer.dfa(atMost(max, maxExcluded)));
    }

    private static Grammar atMost(BigDecimal max, boolean excluded) {
        BigInteger whole = max.setScale(0, RoundingMode.FLOOR).toBigInteger();
        String fraction = fraction(max);
        List<Grammar> options = new ArrayList<>();
        if (whole.signum() > 0) {
            options.add(sequence(JsonGrammar.integers(0, whole.longValueExact() - 1), optional(anyFraction())));
        }
        boolean wholeItself = !fraction.isEmpty() || !excluded;
        List<Grammar> ends = new ArrayList<>();
        if (wholeItself) {
            ends.add(Grammar.EMPTY);
        }
        ends.add(sequence(text("."), digitsAtMost(fraction, excluded, DIGITS)));
        options.add(sequence(text(whole.toString()), new AnyOf(ends)));
        return new AnyOf(options);
    }

    private static Grammar atLeast(BigDecimal min, boolean excluded) {
        BigInteger whole = min.setScale(0, RoundingMode.FLOOR).toBigInteger();
        String fraction = fraction(min);
        List<Grammar> options = new ArrayList<>();
        if (whole.longValueExact() < LARGEST) {
            options.add(sequence(JsonGrammar.integers(whole.longValueExact() + 1, LARGEST), optional(anyFraction())));
        }
        List<Grammar> ends = new ArrayList<>();
        if (fraction.isEmpty() && !excluded) {
            ends.add(Grammar.EMPTY);
        }
        ends.add(sequence(text("."), digitsAtLeast(fraction, excluded, DIGITS)));
        options.add(sequence(text(whole.toString()), new AnyOf(ends)));
        return new AnyOf(options);
    }

    /** Digits after the point, without zeros at the end. */
    private static String fraction(BigDecimal value) {
        String text = value.stripTrailingZeros().toPlainString();
        int point = text.indexOf('.');
        return point < 0 ? "" : text.substring(point + 1);
    }

    private static Grammar anyFraction() {
        return sequence(text("."), digits(1, DIGITS));
    }

    private static Grammar digits(int min, int max) {
        return new Repetition(range('0', '9'), min, max);
    }

    /** At least one digit and at most {@code room}, as a fraction at most {@code limit}, or less if that is excluded. */
    private static Grammar digitsAtMost(String limit, boolean excluded, int room) {
        if (limit.isEmpty()) {
            return excluded ? JsonSchema.IMPOSSIBLE : new Repetition(text("0"), 1, room);
        }
        char first = limit.charAt(0);
        List<Grammar> options = new ArrayList<>();
        if (first > '0') {
            options.add(sequence(range('0', first - 1), digits(0, room - 1)));
        }
        String rest = limit.substring(1);
        List<Grammar> ends = new ArrayList<>();
        if (!rest.isEmpty() || !excluded) {
            ends.add(Grammar.EMPTY);
        }
        if (room > 1) {
            ends.add(digitsAtMost(rest, excluded, room - 1));
        }
        options.add(sequence(text(String.valueOf(first)), new AnyOf(ends)));
        return new AnyOf(options);
    }

    private static Grammar digitsAtLeast(String limit, boolean excluded, int room) {
        if (limit.isEmpty()) {
            Grammar more =
                    choice(sequence(new Repetition(text("0"), 0, room - 1), range('1', '9'), digits(0, room - 1)));
            return excluded ? more : digits(1, room);
        }
        char first = limit.charAt(0);
        List<Grammar> options = new ArrayList<>();
        if (first < '9') {
            options.add(sequence(range(first + 1, '9'), digits(0, room - 1)));
        }
        String rest = limit.substring(1);
        List<Grammar> ends = new ArrayList<>();
        if (rest.isEmpty() && !excluded) {
            ends.add(Grammar.EMPTY);
        }
        if (room > 1) {
            ends.add(digitsAtLeast(rest, excluded, room - 1));
        }
        options.add(sequence(text(String.valueOf(first)), new AnyOf(ends)));
        return new AnyOf(options);
    }
}
