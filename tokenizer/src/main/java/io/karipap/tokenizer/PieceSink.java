package io.karipap.tokenizer;

/** Receives the pieces that a pre-tokenizer cuts, in order. */
@FunctionalInterface
interface PieceSink {
    /** Takes the characters [start, end) of {@code text}; the range is never empty. */
    void accept(Text text, int start, int end);
}
