package io.karipap.tokenizer;

/** What cuts the pieces of a text into tokens. */
sealed interface TokenModel permits BpeModel, UnigramModel, WordPieceModel {
    Vocabulary vocabulary();

    /**
     * Appends the tokens of {@code text[start, end)} to {@code out}.
     *
     * @param symbols working memory
     */
    void encode(Text text, int start, int end, Symbols symbols, TokenBuffer out);
}
