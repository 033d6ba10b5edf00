package io.karipap.generate;

import io.karipap.model.KvOptions;
import java.time.Duration;

/**
 * Limits of an engine.
 *
 * @param maxRunning most sequences computed at a time
 * @param maxWaiting most sequences that wait; one more is refused
 * @param stepTokens most tokens in one step
 * @param stepTime how long a step may take for the prompts in it while texts are being generated, so that those stay smooth
 * @param kv size and kind of the KV cache
 */
public record EngineOptions(int maxRunning, int maxWaiting, int stepTokens, Duration stepTime, KvOptions kv) {
    /** @throws IllegalArgumentException if a limit is less than 1 */
    public EngineOptions {
        if (maxRunning < 1 || maxWaiting < 1 || stepTokens < maxRunning || !stepTime.isPositive()) {
            throw new IllegalArgumentException("engine limits " + maxRunning + " running, " + maxWaiting + " waiting, "
                    + stepTokens + " tokens a step, " + stepTime.toMillis()
                    + " ms a step: all must be positive, and a step must hold a token of every running sequence");
        }
    }

    /** 64 running, 256 waiting, 256 tokens or 50 ms a step; KV cache for 8 full contexts. */
    public static EngineOptions defaults(int contextLength) {
        return new EngineOptions(
                64, 256, 256, Duration.ofMillis(50), KvOptions.of(Math.multiplyExact(8, contextLength)));
    }
}
