package io.karipap.tokenizer;

/**
 * SentencePiece's normaliser: compiled rules, the visible space ▁ in the place of spaces, one put before the text, runs of spaces made
 * one. User-defined pieces are left as they are.
 */
final class SentencePieceNormalizer implements Normalizer {
    private static final char MARK = '▁';

    private final CharsMap rules;
    private final AddedTokens userDefined;
    private final boolean addSpace;
    private final boolean collapseSpaces;

    /**
     * @param rules compiled rules, or null
     * @param userDefined pieces that the rules leave alone
     * @param addSpace whether a space is put before the text
     * @param collapseSpaces whether runs of spaces become one and those at the ends are dropped
     */
    SentencePieceNormalizer(CharsMap rules, AddedTokens userDefined, boolean addSpace, boolean collapseSpaces) {
        this.rules = rules;
        this.userDefined = userDefined;
        this.addSpace = addSpace;
        this.collapseSpaces = collapseSpaces;
    }

    @Override
    public Text apply(Text text) {
        if (text.chars().length == 0) {
            return text;
        }
        return rules == null && !collapseSpaces && !text.tracked() ? marked(text.chars()) : rewritten(text);
    }

    @Override
    public String spelling(String content) {
        return content;
    }

    private Text marked(char[] chars) {
        int shift = addSpace ? 1 : 0;
        char[] out = new char[chars.length + shift];
        out[0] = MARK;
        for (int i = 0; i < chars.length; i++) {
            out[i + shift] = chars[i] == ' ' ? MARK : chars[i];
        }
        return new Text(out, null, null, false);
    }

    private Text rewritten(Text text) {
        char[] chars = text.chars();
        TextBuilder builder = new TextBuilder(chars.length + 1, text);
        int start = 0;
        if (collapseSpaces) {
            while (start < chars.length) {
                CharsMap.Match first = prefix(chars, start);
                if (!first.replacement().equals(" ")) {
                    break;
                }
                start += first.length();
            }
            if (start == chars.length) {
                return builder.build();
            }
        }
        if (addSpace) {
            builder.replace(start, start, String.valueOf(MARK));
        }
        boolean afterSpace = collapseSpaces;
        for (int i = start; i < chars.length; ) {
            CharsMap.Match prefix = prefix(chars, i);
            String replacement = prefix.replacement();
            int from = 0;
            while (afterSpace && from < replacement.length() && replacement.charAt(from) == ' ') {
                from++;
            }
            if (from < replacement.length()) {
                builder.replace(
                        i, i + prefix.length(), replacement.substring(from).replace(' ', MARK));
                afterSpace = collapseSpaces && replacement.charAt(replacement.length() - 1) == ' ';
            }
            i += prefix.length();
        }
        if (collapseSpaces) {
            builder.dropAtEnd(MARK);
        }
        return builder.build();
    }

    /** How many code units at {@code at} are rewritten together, and what they become. */
    private CharsMap.Match prefix(char[] chars, int at) {
        int length = userDefined.longestAt(chars, at);
        if (length == 0 && rules != null) {
            CharsMap.Match match = rules.longest(chars, at, chars.length);
            if (match != null) {
                return match;
            }
        }
        int kept = length > 0 ? length : CharClass.width(chars, at, chars.length);
        return new CharsMap.Match(kept, new String(chars, at, kept));
    }
}
