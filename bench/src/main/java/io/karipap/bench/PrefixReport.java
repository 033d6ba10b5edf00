package io.karipap.bench;

/**
 * First tokens of prompts with a beginning that the server has, or has not, seen; in milliseconds.
 *
 * @param target what was asked
 * @param promptTokens mean tokens of a prompt
 * @param cachedTokens mean tokens that were not computed the second time
 * @param first time to the first token, the beginning being new
 * @param second the same, the beginning being known
 */
public record PrefixReport(
        String target,
        double promptTokens,
        double cachedTokens,
        LoadReport.Percentiles first,
        LoadReport.Percentiles second) {}
