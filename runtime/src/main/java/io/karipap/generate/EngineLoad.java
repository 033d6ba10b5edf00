package io.karipap.generate;

/**
 * What an engine is busy with.
 *
 * @param running sequences being computed
 * @param waiting requests waiting
 * @param kvUsage share of the KV cache that is promised, 0..1
 */
public record EngineLoad(int running, int waiting, double kvUsage) {}
