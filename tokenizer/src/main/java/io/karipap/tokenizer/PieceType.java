package io.karipap.tokenizer;

/** Kinds of tokens in SentencePiece and GGUF vocabularies; the numbers are those of both formats. */
enum PieceType {
    NORMAL(1),
    UNKNOWN(2),
    CONTROL(3),
    USER_DEFINED(4),
    UNUSED(5),
    BYTE(6);

    private final int number;

    PieceType(int number) {
        this.number = number;
    }

    /** @throws TokenizerException if there is no such type */
    static PieceType of(long number) {
        for (PieceType type : values()) {
            if (type.number == number) {
                return type;
            }
        }
        throw new TokenizerException("token type " + number + " is not supported");
    }
}
