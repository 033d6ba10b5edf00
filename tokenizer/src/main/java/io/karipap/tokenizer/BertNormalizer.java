package io.karipap.tokenizer;

import java.text.Normalizer.Form;

/**
 * BERT's text cleaning.
 *
 * @param cleanText whether control characters are dropped and white space becomes spaces
 * @param spaceIdeographs whether every CJK ideograph gets spaces around it
 * @param stripAccents whether combining marks are dropped after decomposition
 * @param lowercase whether letters become lower case
 */
record BertNormalizer(boolean cleanText, boolean spaceIdeographs, boolean stripAccents, boolean lowercase)
        implements Normalizer {
    @Override
    public Text apply(Text text) {
        Text result = text;
        if (cleanText) {
            result = clean(result);
        }
        if (spaceIdeographs) {
            result = spaced(result);
        }
        if (stripAccents) {
            result = Normalizer.filter(
                    new Normalizer.Unicode(Form.NFD).apply(result),
                    codePoint -> Character.getType(codePoint) != Character.NON_SPACING_MARK);
        }
        return lowercase ? new Normalizer.Lowercase().apply(result) : result;
    }

    private static Text clean(Text text) {
        Text kept = Normalizer.filter(text, codePoint -> !isDropped(codePoint));
        char[] chars = kept.chars();
        TextBuilder builder = new TextBuilder(chars.length, kept);
        for (int i = 0; i < chars.length; i++) {
            if (CharClass.isWhiteSpace(chars[i])) {
                builder.replace(i, i + 1, " ");
            } else {
                builder.copy(i, i + 1);
            }
        }
        return builder.build();
    }

    private static boolean isDropped(int codePoint) {
        if (codePoint == '\t' || codePoint == '\n' || codePoint == '\r') {
            return false;
        }
        return codePoint == 0xFFFD
                || switch (Character.getType(codePoint)) {
                    case Character.CONTROL, Character.FORMAT, Character.PRIVATE_USE, Character.SURROGATE -> true;
                    default -> false;
                };
    }

    private static Text spaced(Text text) {
        char[] chars = text.chars();
        TextBuilder builder = new TextBuilder(chars.length, text);
        for (int i = 0; i < chars.length; ) {
            int codePoint = Character.codePointAt(chars, i);
            int next = i + Character.charCount(codePoint);
            if (isIdeograph(codePoint)) {
                builder.replace(i, next, " " + Character.toString(codePoint) + " ");
            } else {
                builder.copy(i, next);
            }
            i = next;
        }
        return builder.build();
    }

    /** The blocks that BERT counts as Chinese; kana and Hangul are not among them. */
    private static boolean isIdeograph(int c) {
        return c >= 0x4E00 && c <= 0x9FFF
                || c >= 0x3400 && c <= 0x4DBF
                || c >= 0x20000 && c <= 0x2A6DF
                || c >= 0x2A700 && c <= 0x2B73F
                || c >= 0x2B740 && c <= 0x2B81F
                || c >= 0x2B920 && c <= 0x2CEAF
                || c >= 0xF900 && c <= 0xFAFF
                || c >= 0x2F800 && c <= 0x2FA1F;
    }
}
