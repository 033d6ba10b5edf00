package io.karipap.tokenizer;

import java.util.List;

/**
 * What a tokenizer file describes.
 *
 * @param model what cuts pieces into tokens
 * @param added added tokens, special or not
 * @param normalizer what rewrites the text first, or null
 * @param preTokenizer what cuts it into pieces
 * @param decoder how tokens become text
 * @param prefix ids that the template puts before a text
 * @param suffix ids that the template puts after a text
 * @param needsOrigins whether the pre-tokenizer asks where in the original text a piece stands
 */
@SuppressWarnings("ArrayRecordComponent")
record TokenizerParts(
        TokenModel model,
        List<AddedToken> added,
        Normalizer normalizer,
        PreTokenizer preTokenizer,
        TokenDecoder decoder,
        int[] prefix,
        int[] suffix,
        boolean needsOrigins) {}
