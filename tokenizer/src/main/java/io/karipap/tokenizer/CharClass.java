package io.karipap.tokenizer;

/** Unicode classes that the pre-tokenizer patterns speak of: letters (\p{L}), numbers (\p{N}), white space (\s), the rest. */
final class CharClass {
    static final byte OTHER = 0;
    static final byte LETTER = 1;
    static final byte NUMBER = 2;
    static final byte SPACE = 3;

    /** One entry per UTF-16 code unit: a lookup costs less than a cascade of range checks. Surrogates are OTHER. */
    private static final byte[] BMP = table();

    private CharClass() {}

    /** Class of the code point at {@code index}; a well-formed surrogate pair counts as one. */
    static byte at(char[] chars, int index, int end) {
        char c = chars[index];
        if (!Character.isSurrogate(c)) {
            return BMP[c];
        }
        return ofCodePoint(Character.codePointAt(chars, index, end));
    }

    /** Number of code units of the code point at {@code index}. */
    static int width(char[] chars, int index, int end) {
        return Character.isHighSurrogate(chars[index]) && index + 1 < end && Character.isLowSurrogate(chars[index + 1])
                ? 2
                : 1;
    }

    static byte ofCodePoint(int codePoint) {
        if (isWhiteSpace(codePoint)) {
            return SPACE;
        }
        return switch (Character.getType(codePoint)) {
            case Character.UPPERCASE_LETTER,
                    Character.LOWERCASE_LETTER,
                    Character.TITLECASE_LETTER,
                    Character.MODIFIER_LETTER,
                    Character.OTHER_LETTER -> LETTER;
            case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER -> NUMBER;
            default -> OTHER;
        };
    }

    /** Unicode category M. */
    static boolean isMark(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.COMBINING_SPACING_MARK -> true;
            default -> false;
        };
    }

    /** Unicode property White_Space. */
    static boolean isWhiteSpace(int codePoint) {
        return codePoint >= 9 && codePoint <= 13
                || codePoint == 0x20
                || codePoint == 0x85
                || codePoint == 0xA0
                || codePoint == 0x1680
                || codePoint >= 0x2000 && codePoint <= 0x200A
                || codePoint == 0x2028
                || codePoint == 0x2029
                || codePoint == 0x202F
                || codePoint == 0x205F
                || codePoint == 0x3000;
    }

    private static byte[] table() {
        byte[] table = new byte[1 << 16];
        for (int c = 0; c < table.length; c++) {
            table[c] = ofCodePoint(c);
        }
        return table;
    }
}
