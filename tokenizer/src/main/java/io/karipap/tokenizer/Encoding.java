package io.karipap.tokenizer;

/**
 * Token ids with the range of the original text that each token covers. All arrays have one entry per token; a token that the
 * template added covers the empty range where it stands. A character that was split into several byte tokens is covered by each.
 *
 * @param ids token ids
 * @param charStarts first UTF-16 code unit of each token, inclusive
 * @param charEnds end of each token in UTF-16 code units, exclusive
 * @param byteStarts first UTF-8 byte of each token, inclusive
 * @param byteEnds end of each token in UTF-8 bytes, exclusive
 * @since 0.1
 */
@SuppressWarnings("ArrayRecordComponent")
public record Encoding(int[] ids, int[] charStarts, int[] charEnds, int[] byteStarts, int[] byteEnds) {}
