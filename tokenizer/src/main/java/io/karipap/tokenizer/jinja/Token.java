package io.karipap.tokenizer.jinja;

/**
 * A piece of a template's source.
 *
 * @param kind what it is
 * @param text characters of data, name, operator; value of a string; digits of a number
 * @param line counted from 1
 */
record Token(Kind kind, String text, int line) {
    enum Kind {
        DATA,
        BLOCK_BEGIN,
        BLOCK_END,
        VARIABLE_BEGIN,
        VARIABLE_END,
        NAME,
        INTEGER,
        FLOAT,
        STRING,
        OPERATOR,
        END
    }

    boolean is(Kind other, String content) {
        return kind == other && text.equals(content);
    }

    /** For messages. */
    String described() {
        return switch (kind) {
            case BLOCK_BEGIN -> "'{%'";
            case BLOCK_END -> "'%}'";
            case VARIABLE_BEGIN -> "'{{'";
            case VARIABLE_END -> "'}}'";
            case END -> "the end of the template";
            case DATA -> "text";
            default -> "'" + text + "'";
        };
    }
}
