package io.karipap.generate;

/**
 * What an engine is busy with, and what it has done.
 *
 * @param running sequences being computed
 * @param waiting sequences waiting
 * @param kvUsage share of the KV cache in use, 0..1
 * @param prefixQueries tokens of prompts that were looked up in the KV cache, since the start
 * @param prefixHits how many of them were there
 * @param preemptions how often a sequence had to give its memory to an older one
 * @since 0.1
 */
public record EngineLoad(
        int running, int waiting, double kvUsage, long prefixQueries, long prefixHits, long preemptions) {}
