package io.karipap.generate;

/**
 * Limits of an engine.
 *
 * @param maxRunning most sequences computed at a time
 * @param maxWaiting most requests that wait; one more is refused
 * @param stepTokens most tokens in one step: bounds how long a long prompt delays running streams
 * @param kvPositions most positions held in the KV cache, over all sequences
 */
public record EngineOptions(int maxRunning, int maxWaiting, int stepTokens, int kvPositions) {
    /** @throws IllegalArgumentException if a limit is less than 1 */
    public EngineOptions {
        if (maxRunning < 1 || maxWaiting < 1 || stepTokens < maxRunning || kvPositions < 1) {
            throw new IllegalArgumentException("engine limits " + maxRunning + " running, " + maxWaiting + " waiting, "
                    + stepTokens + " tokens a step, " + kvPositions
                    + " positions: all must be positive, and a step must hold a token of every running sequence");
        }
    }

    /** 32 running, 64 waiting, 128 tokens a step; KV cache for 8 full contexts. */
    public static EngineOptions defaults(int contextLength) {
        return new EngineOptions(32, 64, 128, Math.multiplyExact(8, contextLength));
    }
}
