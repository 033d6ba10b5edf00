package io.karipap.train;

/**
 * A text, or several alike, as tokens.
 *
 * @param name for messages
 * @param ids tokens
 */
@SuppressWarnings("ArrayRecordComponent")
public record TokenText(String name, int[] ids) {}
