package io.karipap.tokenizer;

/**
 * The GPT-2 pre-tokenizer pattern, written out:
 *
 * <pre>'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+</pre>
 */
final class Gpt2Scanner implements PieceScanner {
    @Override
    public int pieceEnd(char[] chars, int start, int end) {
        char first = chars[start];
        if (first == '\'') {
            int length = contraction(chars, start, end);
            if (length > 0) {
                return start + length;
            }
        }
        int i = start;
        if (first == ' ' && start + 1 < end && CharClass.at(chars, start + 1, end) != CharClass.SPACE) {
            i++;
        }
        byte kind = CharClass.at(chars, i, end);
        int runEnd = runEnd(kind, chars, i, end);
        if (kind == CharClass.SPACE && runEnd < end && runEnd - start > 1) {
            return runEnd - 1;
        }
        return runEnd;
    }

    /** End of the run of code points of class {@code kind} that starts at {@code i}. */
    static int runEnd(byte kind, char[] chars, int i, int end) {
        int j = i + CharClass.width(chars, i, end);
        while (j < end && CharClass.at(chars, j, end) == kind) {
            j += CharClass.width(chars, j, end);
        }
        return j;
    }

    /** Length of the lower-case contraction at {@code start} (an apostrophe), or 0. */
    private static int contraction(char[] chars, int start, int end) {
        if (start + 1 >= end) {
            return 0;
        }
        char a = chars[start + 1];
        if (a == 's' || a == 't' || a == 'm' || a == 'd') {
            return 2;
        }
        if (start + 2 >= end) {
            return 0;
        }
        char b = chars[start + 2];
        return (a == 'r' && b == 'e' || a == 'v' && b == 'e' || a == 'l' && b == 'l') ? 3 : 0;
    }
}
