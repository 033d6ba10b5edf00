package io.karipap.grammar;

import static io.karipap.grammar.Grammar.choice;
import static io.karipap.grammar.Grammar.optional;
import static io.karipap.grammar.Grammar.range;
import static io.karipap.grammar.Grammar.sequence;
import static io.karipap.grammar.Grammar.text;

import io.karipap.grammar.Grammar.Rule;
import java.util.ArrayList;
import java.util.List;

/**
 * The forms of JSON (RFC 8259). At most one space stands after a comma or a colon and none elsewhere, and numbers have at most 16 digits,
 * so that a text cannot go on forever without saying anything.
 *
 * @since 0.1
 */
public final class JsonGrammar {
    private static final int MAX_DIGITS = 16;

    static final Grammar COMMA = sequence(text(","), optional(text(" ")));
    static final Grammar COLON = sequence(text(":"), optional(text(" ")));

    private static final Grammar DIGIT = range('0', '9');
    private static final Grammar DIGITS = new Repetition(DIGIT, 1, MAX_DIGITS - 1);

    /** 0 or digits that begin with another. */
    static final Grammar NATURAL =
            choice(text("0"), sequence(range('1', '9'), new Repetition(DIGIT, 0, MAX_DIGITS - 1)));

    static final Grammar INTEGER = one(sequence(optional(text("-")), NATURAL));
    static final Grammar NOT_NEGATIVE_NUMBER = one(sequence(NATURAL, fractionAndExponent()));
    static final Grammar NUMBER = one(sequence(INTEGER, fractionAndExponent()));

    static final Grammar BOOLEAN = choice(text("true"), text("false"));
    static final Grammar NULL = text("null");

    /** One character of a string, as one escape or in UTF-8. */
    static final Dfa CHARACTER = Determinizer.dfa(character());

    /** What comes after the first quote of a string. */
    static final Terminal STRING_REST = (Terminal) Counted.of(CHARACTER, "\"", 0, Grammar.UNBOUNDED);

    /** The same with a counter. */
    static final Counted COUNTED_STRING_REST = (Counted) Counted.of(CHARACTER, "\"", 0, 1);

    static final Grammar STRING = string(0, Grammar.UNBOUNDED);

    private static final Rule VALUE_RULE = new Rule();
    private static final Grammar ANY_OBJECT = object(VALUE_RULE);

    static {
        VALUE_RULE.define(choice(ANY_OBJECT, array(VALUE_RULE, 0, Grammar.UNBOUNDED), STRING, NUMBER, BOOLEAN, NULL));
    }

    private JsonGrammar() {}

    private static Grammar one(Grammar grammar) {
        return new Terminal(Determinizer.dfa(grammar));
    }

    /** Any JSON value. */
    public static Grammar value() {
        return VALUE_RULE;
    }

    /** Any JSON object. */
    public static Grammar object() {
        return ANY_OBJECT;
    }

    /** An object with any names and values of one form. */
    static Grammar object(Grammar value) {
        Grammar member = sequence(STRING, COLON, value);
        Grammar more = new Repetition(sequence(COMMA, member), 0, Grammar.UNBOUNDED);
        return sequence(text("{"), optional(sequence(member, more)), text("}"));
    }

    /** An array of {@code min} to {@code max} elements of one form. */
    static Grammar array(Grammar element, int min, int max) {
        if (max == 0) {
            return text("[]");
        }
        int others = max == Grammar.UNBOUNDED ? max : max - 1;
        Grammar filled = sequence(element, new Repetition(sequence(COMMA, element), Math.max(0, min - 1), others));
        return sequence(text("["), min == 0 ? optional(filled) : filled, text("]"));
    }

    /** A string of {@code min} to {@code max} characters. */
    static Grammar string(int min, int max) {
        return sequence(text("\""), Counted.of(CHARACTER, "\"", min, max));
    }

    private static Grammar fractionAndExponent() {
        Grammar exponent = sequence(
                choice(text("e"), text("E")),
                optional(choice(text("+"), text("-"))),
                range('0', '9'),
                optional(range('0', '9')));
        return sequence(optional(sequence(text("."), DIGITS)), optional(exponent));
    }

    private static Grammar character() {
        ByteSet plain = ByteSet.range(0x20, 0x7f).without('"').without('\\');
        Grammar tail = range(0x80, 0xbf);
        Grammar hex = new OneByte(
                ByteSet.range('0', '9').with(ByteSet.range('a', 'f')).with(ByteSet.range('A', 'F')));
        Grammar notD = new OneByte(ByteSet.range('0', '9')
                .with(ByteSet.range('a', 'f'))
                .with(ByteSet.range('A', 'F'))
                .without('d')
                .without('D'));
        // surrogates would have to come in pairs; such characters can be written as they are
        Grammar unicode = sequence(
                text("u"),
                choice(sequence(notD, hex), sequence(choice(text("d"), text("D")), range('0', '7'))),
                hex,
                hex);
        Grammar escape = choice(
                text("\""), text("\\"), text("/"), text("b"), text("f"), text("n"), text("r"), text("t"), unicode);
        return choice(
                new OneByte(plain),
                sequence(text("\\"), escape),
                sequence(range(0xc2, 0xdf), tail),
                sequence(range(0xe0, 0xe0), range(0xa0, 0xbf), tail),
                sequence(range(0xe1, 0xec), tail, tail),
                sequence(range(0xed, 0xed), range(0x80, 0x9f), tail),
                sequence(range(0xee, 0xef), tail, tail),
                sequence(range(0xf0, 0xf0), range(0x90, 0xbf), tail, tail),
                sequence(range(0xf1, 0xf3), tail, tail, tail),
                sequence(range(0xf4, 0xf4), range(0x80, 0x8f), tail, tail));
    }

    /**
     * The integers of {@code from} to {@code to}, inclusive; negative ones without leading zeros, and no −0.
     *
     * @throws IllegalArgumentException if from is more than to
     */
    static Grammar integers(long from, long to) {
        if (from > to) {
            throw new IllegalArgumentException("no integer is at least " + from + " and at most " + to);
        }
        if (to < 0) {
            return sequence(text("-"), naturals(-to, -from));
        }
        if (from < 0) {
            return choice(sequence(text("-"), naturals(1, -from)), naturals(0, to));
        }
        return naturals(from, to);
    }

    /** Of every number of digits those in the range. */
    private static Grammar naturals(long from, long to) {
        List<Grammar> options = new ArrayList<>();
        long low = from;
        while (true) {
            int digits = Long.toString(low).length();
            long nines = digits >= 18 ? Long.MAX_VALUE : (long) Math.pow(10, digits) - 1;
            options.add(sameLength(Long.toString(low), Long.toString(Math.min(nines, to))));
            if (nines >= to) {
                return new AnyOf(options);
            }
            low = nines + 1;
        }
    }

    /** Digits between two numbers of the same length: the first digit as that of a bound, or free in between. */
    private static Grammar sameLength(String from, String to) {
        if (from.isEmpty()) {
            return Grammar.EMPTY;
        }
        char low = from.charAt(0);
        char high = to.charAt(0);
        String lowRest = from.substring(1);
        String highRest = to.substring(1);
        if (low == high) {
            return sequence(range(low, low), sameLength(lowRest, highRest));
        }
        String zeros = "0".repeat(lowRest.length());
        String nines = "9".repeat(lowRest.length());
        List<Grammar> options = new ArrayList<>();
        int freeFrom = lowRest.equals(zeros) ? low : low + 1; // first digits after which all others are free
        int freeTo = highRest.equals(nines) ? high : high - 1;
        if (freeFrom > low) {
            options.add(sequence(range(low, low), sameLength(lowRest, nines)));
        }
        if (freeFrom <= freeTo) {
            options.add(sequence(range(freeFrom, freeTo), new Repetition(DIGIT, lowRest.length(), lowRest.length())));
        }
        if (freeTo < high) {
            options.add(sequence(range(high, high), sameLength(zeros, highRest)));
        }
        return new AnyOf(options);
    }
}
