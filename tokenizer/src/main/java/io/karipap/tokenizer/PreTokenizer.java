package io.karipap.tokenizer;

import io.karipap.tokenizer.format.ByteLevelAlphabet;
import java.util.List;
import java.util.function.IntPredicate;

/** Cuts a text into the pieces that the model cuts into tokens separately. Pieces are pushed, so that a sequence of stages needs no lists. */
sealed interface PreTokenizer {
    void split(Text text, int start, int end, PieceSink sink);

    /** The whole text is one piece. */
    record Whole() implements PreTokenizer {
        @Override
        public void split(Text text, int start, int end, PieceSink sink) {
            sink.accept(text, start, end);
        }
    }

    /** A pattern with a hand-written scanner. */
    record Scanned(PieceScanner scanner) implements PreTokenizer {
        @Override
        public void split(Text text, int start, int end, PieceSink sink) {
            char[] chars = text.chars();
            for (int i = start; i < end; ) {
                int pieceEnd = scanner.pieceEnd(chars, i, end);
                sink.accept(text, i, pieceEnd);
                i = pieceEnd;
            }
        }
    }

    /** A pattern given as a regular expression. */
    record Split(BoundedRegex regex, SplitBehavior behavior, boolean invert) implements PreTokenizer {
        @Override
        public void split(Text text, int start, int end, PieceSink sink) {
            Spans spans = new Spans();
            regex.split(text.chars(), start, end, invert, spans);
            spans.emit(behavior, text, sink);
        }
    }

    /** A class of code points, each of which is a match. */
    record SplitOn(IntPredicate delimiter, SplitBehavior behavior) implements PreTokenizer {
        @Override
        public void split(Text text, int start, int end, PieceSink sink) {
            Spans spans = new Spans();
            int gap = start;
            for (int i = start; i < end; ) {
                int codePoint = Character.codePointAt(text.chars(), i, end);
                int next = i + Character.charCount(codePoint);
                if (delimiter.test(codePoint)) {
                    spans.add(gap, i, false);
                    spans.add(i, next, true);
                    gap = next;
                }
                i = next;
            }
            spans.add(gap, end, false);
            spans.emit(behavior, text, sink);
        }
    }

    /** Puts a space before every piece that does not start with one. */
    record PrefixSpace() implements PreTokenizer {
        @Override
        public void split(Text text, int start, int end, PieceSink sink) {
            if (text.chars()[start] == ' ') {
                sink.accept(text, start, end);
                return;
            }
            TextBuilder builder = new TextBuilder(end - start + 1, text);
            builder.replace(start, start, " ");
            builder.copy(start, end);
            Text prefixed = builder.build();
            sink.accept(prefixed, 0, prefixed.chars().length);
        }
    }

    /** Spells every UTF-8 byte with {@link ByteLevelAlphabet}; needed only where a later stage looks at the spelling. */
    record ByteSpelling() implements PreTokenizer {
        @Override
        public void split(Text text, int start, int end, PieceSink sink) {
            TextBuilder builder = new TextBuilder((end - start) * 2, text);
            for (int i = start; i < end; ) {
                int codePoint = Character.codePointAt(text.chars(), i, end);
                int next = i + Character.charCount(codePoint);
                builder.replace(i, next, ByteLevelAlphabet.spell(Utf8.encode(codePoint)));
                i = next;
            }
            Text spelled = builder.build();
            sink.accept(spelled, 0, spelled.chars().length);
        }
    }

    /** SentencePiece's visible space: spaces become {@code replacement}, one is prepended, pieces start at each of them. */
    record Metaspace(char replacement, Prepend prepend, boolean split) implements PreTokenizer {
        enum Prepend {
            ALWAYS,
            FIRST,
            NEVER
        }

        @Override
        public void split(Text text, int start, int end, PieceSink sink) {
            TextBuilder builder = new TextBuilder(end - start + 1, text);
            char first = text.chars()[start];
            boolean prepends = prepend == Prepend.ALWAYS || prepend == Prepend.FIRST && text.originStart(start) == 0;
            String mark = String.valueOf(replacement);
            if (prepends && first != ' ' && first != replacement) {
                builder.replace(start, start, mark);
            }
            for (int i = start; i < end; i++) {
                if (text.chars()[i] == ' ') {
                    builder.replace(i, i + 1, mark);
                } else {
                    builder.copy(i, i + 1);
                }
            }
            Text marked = builder.build();
            PreTokenizer cut = split
                    ? new SplitOn(codePoint -> codePoint == replacement, SplitBehavior.MERGED_WITH_NEXT)
                    : new Whole();
            cut.split(marked, 0, marked.chars().length, sink);
        }
    }

    /** Stages one after the other, each cutting the pieces of the one before. */
    record Sequence(List<PreTokenizer> stages) implements PreTokenizer {
        @Override
        public void split(Text text, int start, int end, PieceSink sink) {
            PieceSink chain = sink;
            for (int i = stages.size() - 1; i >= 0; i--) {
                PreTokenizer stage = stages.get(i);
                PieceSink next = chain;
                chain = (piece, from, to) -> stage.split(piece, from, to, next);
            }
            chain.accept(text, start, end);
        }
    }
}
