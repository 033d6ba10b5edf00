package io.karipap.tokenizer;

import java.util.List;
import java.util.Optional;

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
 * @param fillInMiddle ids of the tokens that stand before a prefix, a suffix and the middle that is to be filled in, where the file names
 *     them
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
        boolean needsOrigins,
        Optional<int[]> fillInMiddle) {
    TokenizerParts(
            TokenModel model,
            List<AddedToken> added,
            Normalizer normalizer,
            PreTokenizer preTokenizer,
            TokenDecoder decoder,
            int[] prefix,
            int[] suffix,
            boolean needsOrigins) {
        this(model, added, normalizer, preTokenizer, decoder, prefix, suffix, needsOrigins, Optional.empty());
    }

    TokenizerParts withFillInMiddle(Optional<int[]> ids) {
        return new TokenizerParts(model, added, normalizer, preTokenizer, decoder, prefix, suffix, needsOrigins, ids);
    }
}
