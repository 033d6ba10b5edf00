package io.karipap.tokenizer;

/**
 * A token that is recognised before the model sees the text, with Hugging Face's flags.
 *
 * @param id token id
 * @param content spelling
 * @param special whether decoding may skip it, and whether it is parsed only on request
 * @param singleWord matches only where neither neighbour is a word character
 * @param leftStrip also swallows the white space before it
 * @param rightStrip also swallows the white space after it
 * @param normalized whether it is looked for in the normalised text (with its spelling normalised) and not in the raw text
 */
record AddedToken(
        int id,
        String content,
        boolean special,
        boolean singleWord,
        boolean leftStrip,
        boolean rightStrip,
        boolean normalized) {}
