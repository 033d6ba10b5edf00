package io.karipap.tokenizer;

/**
 * The pre-tokenizer pattern of o200k (GPT-4o, Phi-4-mini, Llama 4) and Mistral's tekken, written out. With U for
 * {@code [\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]} and L for {@code [\p{Ll}\p{Lm}\p{Lo}\p{M}]}:
 *
 * <pre>[^\r\n\p{L}\p{N}]?U*L+c?|[^\r\n\p{L}\p{N}]?U+L*c?|\p{N}{1,k}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+</pre>
 *
 * @param maxDigits k: 3 for o200k, 1 for tekken
 * @param contractions whether c is {@code (?i:'s|'t|'re|'ve|'m|'ll|'d)} (o200k) or nothing (tekken)
 */
record O200kScanner(int maxDigits, boolean contractions) implements PieceScanner {
    private static final byte UPPER_BIT = 1;
    private static final byte LOWER_BIT = 2;

    /** In which of U and L a code unit is; a lookup costs less than asking for its category. */
    private static final byte[] CASES = table();

    @Override
    public int pieceEnd(char[] chars, int start, int end) {
        int word = wordEnd(chars, start, end);
        if (word > start) {
            int length =
                    contractions && word < end && chars[word] == '\'' ? Cl100kScanner.contraction(chars, word, end) : 0;
            return word + length;
        }
        if (CharClass.at(chars, start, end) == CharClass.NUMBER) {
            return Cl100kScanner.digitsEnd(chars, start, end, maxDigits);
        }
        int symbols = Cl100kScanner.symbolsEnd(chars, start, end);
        if (symbols > start) {
            int i = symbols;
            while (i < end && (Cl100kScanner.isNewline(chars[i]) || chars[i] == '/')) {
                i++;
            }
            return i;
        }
        return Cl100kScanner.spacesEnd(chars, start, end);
    }

    /** End of what the first two alternatives match at {@code start}, or {@code start}. */
    private static int wordEnd(char[] chars, int start, int end) {
        byte kind = CharClass.at(chars, start, end);
        boolean leads = kind != CharClass.LETTER && kind != CharClass.NUMBER && !Cl100kScanner.isNewline(chars[start]);
        int led = leads ? start + CharClass.width(chars, start, end) : start;
        if (leads && led < end) {
            int word = lowerWordEnd(chars, led, end);
            if (word > led) {
                return word;
            }
        }
        if (cases(chars, start, end) != 0) {
            int word = lowerWordEnd(chars, start, end);
            if (word > start) {
                return word;
            }
        }
        if (leads && led < end) {
            int word = upperWordEnd(chars, led, end);
            if (word > led) {
                return word;
            }
        }
        return upperWordEnd(chars, start, end);
    }

    /** End of {@code U*L+} at {@code start}, or {@code start}: U* gives back characters until the next one is in L. */
    private static int lowerWordEnd(char[] chars, int start, int end) {
        int i = start;
        int lastOfBoth = -1;
        while (i < end) {
            int cases = cases(chars, i, end);
            if ((cases & UPPER_BIT) == 0) {
                break;
            }
            if ((cases & LOWER_BIT) != 0) {
                lastOfBoth = i;
            }
            i += CharClass.width(chars, i, end);
        }
        if (i < end && (cases(chars, i, end) & LOWER_BIT) != 0) {
            return runEnd(LOWER_BIT, chars, i, end);
        }
        return lastOfBoth < 0 ? start : lastOfBoth + CharClass.width(chars, lastOfBoth, end);
    }

    /** End of {@code U+L*} at {@code start}, or {@code start}. */
    private static int upperWordEnd(char[] chars, int start, int end) {
        int upper = runEnd(UPPER_BIT, chars, start, end);
        return upper == start ? start : runEnd(LOWER_BIT, chars, upper, end);
    }

    private static int runEnd(byte bit, char[] chars, int start, int end) {
        int i = start;
        while (i < end && (cases(chars, i, end) & bit) != 0) {
            i += CharClass.width(chars, i, end);
        }
        return i;
    }

    private static int cases(char[] chars, int index, int end) {
        char c = chars[index];
        return Character.isSurrogate(c) ? cases(Character.codePointAt(chars, index, end)) : CASES[c];
    }

    private static byte cases(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.UPPERCASE_LETTER, Character.TITLECASE_LETTER -> UPPER_BIT;
            case Character.LOWERCASE_LETTER -> LOWER_BIT;
            case Character.MODIFIER_LETTER,
                    Character.OTHER_LETTER,
                    Character.NON_SPACING_MARK,
                    Character.ENCLOSING_MARK,
                    Character.COMBINING_SPACING_MARK -> UPPER_BIT | LOWER_BIT;
            default -> 0;
        };
    }

    private static byte[] table() {
        byte[] table = new byte[1 << 16];
        for (int c = 0; c < table.length; c++) {
            table[c] = cases(c);
        }
        return table;
    }
}
