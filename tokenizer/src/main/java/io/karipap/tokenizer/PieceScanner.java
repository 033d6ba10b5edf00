package io.karipap.tokenizer;

/** A pre-tokenizer pattern that matches every character of any text, written out by hand for speed and linear time. */
interface PieceScanner {
    /** End of the piece that starts at {@code start} in {@code chars[start, end)}; always greater than {@code start}. */
    int pieceEnd(char[] chars, int start, int end);
}
