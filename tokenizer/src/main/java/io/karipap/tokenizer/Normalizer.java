package io.karipap.tokenizer;

import java.nio.CharBuffer;
import java.text.Normalizer.Form;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Rewrites a text before it is cut into pieces. */
sealed interface Normalizer
        permits BertNormalizer,
                SentencePieceNormalizer,
                Normalizer.Unicode,
                Normalizer.Lowercase,
                Normalizer.StripAccents,
                Normalizer.Strip,
                Normalizer.Precompiled,
                Normalizer.Prepend,
                Normalizer.Replace,
                Normalizer.ReplaceRegex,
                Normalizer.Sequence {
    Text apply(Text text);

    /** How an added token that is looked for in normalised texts is spelled there. */
    default String spelling(String content) {
        return new String(apply(Text.of(content, false)).chars());
    }

    /** One of Unicode's normalisation forms. */
    record Unicode(Form form) implements Normalizer {
        @Override
        public Text apply(Text text) {
            String chars = new String(text.chars());
            if (java.text.Normalizer.isNormalized(chars, form)) {
                return text;
            }
            if (!text.tracked()) {
                return Text.of(java.text.Normalizer.normalize(chars, form), false);
            }
            // Nothing composes across a starter that is stable under normalisation: rewrite from one such place to the
            // next.
            TextBuilder builder = new TextBuilder(chars.length(), text);
            int start = 0;
            while (start < chars.length()) {
                int end = chars.offsetByCodePoints(start, 1);
                while (end < chars.length() && !isBoundary(chars.codePointAt(end))) {
                    end = chars.offsetByCodePoints(end, 1);
                }
                builder.replace(start, end, java.text.Normalizer.normalize(chars.substring(start, end), form));
                start = end;
            }
            return builder.build();
        }

        /** ASCII and CJK ideographs never combine with what stands before them. */
        private static boolean isBoundary(int codePoint) {
            return codePoint < 0x300 || codePoint >= 0x4E00 && codePoint < 0xA000;
        }
    }

    /** Code point by code point, without context, as Rust's {@code char::to_lowercase}. */
    record Lowercase() implements Normalizer {
        @Override
        public Text apply(Text text) {
            TextBuilder builder = new TextBuilder(text.chars().length, text);
            char[] chars = text.chars();
            for (int i = 0; i < chars.length; ) {
                int codePoint = Character.codePointAt(chars, i);
                int next = i + Character.charCount(codePoint);
                int lower = Character.toLowerCase(codePoint);
                if (codePoint == 0x130) {
                    builder.replace(i, next, "i̇");
                } else if (lower == codePoint) {
                    builder.copy(i, next);
                } else {
                    builder.replace(i, next, Character.toString(lower));
                }
                i = next;
            }
            return builder.build();
        }
    }

    /** Drops Unicode's combining marks (category M). */
    record StripAccents() implements Normalizer {
        @Override
        public Text apply(Text text) {
            return filter(text, codePoint -> !CharClass.isMark(codePoint));
        }
    }

    /** Drops white space at the ends. */
    record Strip(boolean left, boolean right) implements Normalizer {
        @Override
        public Text apply(Text text) {
            char[] chars = text.chars();
            int start = 0;
            int end = chars.length;
            while (left && start < end && CharClass.isWhiteSpace(chars[start])) {
                start++;
            }
            while (right && end > start && CharClass.isWhiteSpace(chars[end - 1])) {
                end--;
            }
            return text.slice(start, end);
        }
    }

    /**
     * SentencePiece's compiled rules as Hugging Face's tokenizers apply them: to grapheme clusters of fewer than six UTF-8 bytes, or else
     * to single characters, and always the rule of the shortest start, which stands for all of the cluster.
     */
    record Precompiled(CharsMap rules) implements Normalizer {
        private static final Pattern CLUSTER = Pattern.compile("\\X");

        @Override
        public Text apply(Text text) {
            char[] chars = text.chars();
            TextBuilder builder = new TextBuilder(chars.length, text);
            Matcher clusters = CLUSTER.matcher(CharBuffer.wrap(chars));
            while (clusters.find()) {
                int start = clusters.start();
                int end = clusters.end();
                boolean isShort = end - start < 6 && Utf8.length(chars, start, end) < 6;
                CharsMap.Match match = isShort ? rules.shortest(chars, start, end) : null;
                if (match != null) {
                    builder.replace(start, end, match.replacement());
                    continue;
                }
                for (int i = start; i < end; ) {
                    int next = i + CharClass.width(chars, i, end);
                    CharsMap.Match single = rules.shortest(chars, i, next);
                    if (single == null) {
                        builder.copy(i, next);
                    } else {
                        builder.replace(i, next, single.replacement());
                    }
                    i = next;
                }
            }
            return builder.build();
        }
    }

    /** The text without the code points that {@code keeps} refuses. */
    static Text filter(Text text, IntPredicate keeps) {
        char[] chars = text.chars();
        TextBuilder builder = new TextBuilder(chars.length, text);
        for (int i = 0; i < chars.length; ) {
            int next = i + CharClass.width(chars, i, chars.length);
            if (keeps.test(Character.codePointAt(chars, i))) {
                builder.copy(i, next);
            }
            i = next;
        }
        return builder.build();
    }

    /** Puts a string before every text that is not empty. */
    record Prepend(String prefix) implements Normalizer {
        @Override
        public Text apply(Text text) {
            if (text.chars().length == 0) {
                return text;
            }
            TextBuilder builder = new TextBuilder(text.chars().length + prefix.length(), text);
            builder.replace(0, 0, prefix);
            builder.copy(0, text.chars().length);
            return builder.build();
        }
    }

    /** Replaces every occurrence of a literal string. */
    record Replace(String target, String replacement) implements Normalizer {
        @Override
        public Text apply(Text text) {
            char[] chars = text.chars();
            if (target.length() == 1 && replacement.length() == 1 && !text.tracked()) {
                char from = target.charAt(0);
                char to = replacement.charAt(0);
                char[] out = chars.clone();
                for (int i = 0; i < out.length; i++) {
                    if (out[i] == from) {
                        out[i] = to;
                    }
                }
                return new Text(out, null, null, false);
            }
            TextBuilder builder = new TextBuilder(chars.length, text);
            String string = new String(chars);
            int start = 0;
            for (int at = string.indexOf(target); at >= 0; at = string.indexOf(target, start)) {
                builder.copy(start, at);
                builder.replace(at, at + target.length(), replacement);
                start = at + target.length();
            }
            builder.copy(start, chars.length);
            return builder.build();
        }
    }

    /** Replaces every match of a regular expression. */
    record ReplaceRegex(BoundedRegex regex, String replacement) implements Normalizer {
        @Override
        public Text apply(Text text) {
            TextBuilder builder = new TextBuilder(text.chars().length, text);
            Spans spans = new Spans();
            regex.split(text.chars(), 0, text.chars().length, true, spans);
            int[] done = {0};
            spans.emit(SplitBehavior.REMOVED, text, (ignored, start, end) -> {
                builder.copy(done[0], start);
                builder.replace(start, end, replacement);
                done[0] = end;
            });
            builder.copy(done[0], text.chars().length);
            return builder.build();
        }
    }

    /** One after the other. */
    record Sequence(List<Normalizer> stages) implements Normalizer {
        @Override
        public Text apply(Text text) {
            Text current = text;
            for (Normalizer stage : stages) {
                current = stage.apply(current);
            }
            return current;
        }
    }
}
