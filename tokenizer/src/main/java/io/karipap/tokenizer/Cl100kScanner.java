package io.karipap.tokenizer;

/**
 * The pre-tokenizer pattern of cl100k, Llama 3 and Qwen 2, written out:
 *
 * <pre>(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,k}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+</pre>
 *
 * @param maxDigits k: 3 for cl100k and Llama 3, 1 for Qwen 2
 */
record Cl100kScanner(int maxDigits) implements PieceScanner {
    /** LATIN SMALL LETTER LONG S folds to s. */
    private static final char LONG_S = 'ſ';

    @Override
    public int pieceEnd(char[] chars, int start, int end) {
        char first = chars[start];
        if (first == '\'') {
            int length = contraction(chars, start, end);
            if (length > 0) {
                return start + length;
            }
        }
        byte kind = CharClass.at(chars, start, end);
        if (kind == CharClass.LETTER) {
            return Gpt2Scanner.runEnd(kind, chars, start, end);
        }
        if (kind == CharClass.NUMBER) {
            return digitsEnd(chars, start, end, maxDigits);
        }
        int second = start + CharClass.width(chars, start, end);
        if (first != '\r' && first != '\n' && second < end && CharClass.at(chars, second, end) == CharClass.LETTER) {
            return Gpt2Scanner.runEnd(CharClass.LETTER, chars, second, end);
        }
        int symbols = symbolsEnd(chars, start, end);
        return symbols > start ? newlinesEnd(chars, symbols, end) : spacesEnd(chars, start, end);
    }

    /** End of {@code \p{N}{1,max}} at {@code start}. */
    static int digitsEnd(char[] chars, int start, int end, int max) {
        int i = start;
        for (int digits = 0; digits < max && i < end && CharClass.at(chars, i, end) == CharClass.NUMBER; digits++) {
            i += CharClass.width(chars, i, end);
        }
        return i;
    }

    /** End of {@code  ?[^\s\p{L}\p{N}]+} at {@code start}, or {@code start}. */
    static int symbolsEnd(char[] chars, int start, int end) {
        int i = chars[start] == ' ' ? start + 1 : start;
        return i < end && CharClass.at(chars, i, end) == CharClass.OTHER
                ? Gpt2Scanner.runEnd(CharClass.OTHER, chars, i, end)
                : start;
    }

    /** End of {@code \s*[\r\n]+|\s+(?!\S)|\s+} at {@code start}, which is white space. */
    static int spacesEnd(char[] chars, int start, int end) {
        int runEnd = Gpt2Scanner.runEnd(CharClass.SPACE, chars, start, end);
        for (int i = runEnd - 1; i >= start; i--) {
            if (isNewline(chars[i])) {
                return i + 1;
            }
        }
        return runEnd < end && runEnd - start > 1 ? runEnd - 1 : runEnd;
    }

    private static int newlinesEnd(char[] chars, int i, int end) {
        int j = i;
        while (j < end && isNewline(chars[j])) {
            j++;
        }
        return j;
    }

    static boolean isNewline(char c) {
        return c == '\r' || c == '\n';
    }

    /** Length of the contraction at {@code start} (an apostrophe), whatever its case, or 0. */
    static int contraction(char[] chars, int start, int end) {
        if (start + 1 >= end) {
            return 0;
        }
        char a = fold(chars[start + 1]);
        if (a == 's' || a == 't' || a == 'm' || a == 'd') {
            return 2;
        }
        if (start + 2 >= end) {
            return 0;
        }
        char b = fold(chars[start + 2]);
        return (a == 'r' && b == 'e' || a == 'v' && b == 'e' || a == 'l' && b == 'l') ? 3 : 0;
    }

    private static char fold(char c) {
        if (c >= 'A' && c <= 'Z') {
            return (char) (c + 32);
        }
        return c == LONG_S ? 's' : c;
    }
}
