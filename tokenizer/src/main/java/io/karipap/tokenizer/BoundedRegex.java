package io.karipap.tokenizer;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A regular expression from a tokenizer file, which is untrusted: its matching is stopped with an error once it has looked at far
 * more characters than any sound pattern needs.
 *
 * <p>Hugging Face's tokenizers match with Oniguruma (Ruby syntax), where {@code \s \d \w} are Unicode classes and {@code ^ $} match
 * at lines; the flags say the same to {@link Pattern}.
 */
final class BoundedRegex {
    private static final int FLAGS = Pattern.UNICODE_CHARACTER_CLASS | Pattern.UNIX_LINES | Pattern.MULTILINE;

    /** Characters that may be looked at per character of text. Sound splitting patterns need fewer than 40. */
    private static final long LOOKS_PER_CHARACTER = 2_000;

    private final Pattern pattern;

    BoundedRegex(String expression) {
        try {
            pattern = Pattern.compile(expression, FLAGS);
        } catch (PatternSyntaxException e) {
            throw new TokenizerException(
                    "regular expression \"" + expression + "\" is not valid: " + e.getDescription(), e);
        }
    }

    /** Adds the matches in {@code chars[start, end)} and the gaps between them to {@code spans}; {@code invert} swaps the two. */
    void split(char[] chars, int start, int end, boolean invert, Spans spans) {
        Matcher matcher = pattern.matcher(new CountedChars(chars, start, end, new long[] {0}));
        int gap = start;
        try {
            while (matcher.find()) {
                spans.add(gap, start + matcher.start(), invert);
                spans.add(start + matcher.start(), start + matcher.end(), !invert);
                gap = start + matcher.end();
            }
        } catch (StackOverflowError e) {
            throw new TokenizerException(
                    "regular expression \"" + pattern.pattern() + "\" recurses too deeply on this text", e);
        }
        spans.add(gap, end, invert);
    }

    String replaceAll(String text, String replacement) {
        long[] looks = {0};
        CountedChars chars = new CountedChars(text.toCharArray(), 0, text.length(), looks);
        return pattern.matcher(chars).replaceAll(Matcher.quoteReplacement(replacement));
    }

    private final class CountedChars implements CharSequence {
        private final char[] chars;
        private final int start;
        private final int end;
        private final long[] looks;
        private final long limit;

        CountedChars(char[] chars, int start, int end, long[] looks) {
            this.chars = chars;
            this.start = start;
            this.end = end;
            this.looks = looks;
            this.limit = (end - start + 1_000L) * LOOKS_PER_CHARACTER;
        }

        @Override
        public int length() {
            return end - start;
        }

        @Override
        public char charAt(int index) {
            if (++looks[0] > limit) {
                throw new TokenizerException("regular expression \"" + pattern.pattern()
                        + "\" takes too long on this text (catastrophic backtracking)");
            }
            return chars[start + index];
        }

        @Override
        public CharSequence subSequence(int from, int to) {
            return new CountedChars(chars, start + from, start + to, looks);
        }

        @Override
        public String toString() {
            return new String(chars, start, end - start);
        }
    }
}
